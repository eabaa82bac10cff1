#!/usr/bin/env bash
# Installs the Debian packages that the tests need and that are missing:
# a browser with its Japanese texts, Japanese fonts, a PostgreSQL server, what draws and reads PDF
# papers, a software key module, age to check our sealed files with a tool that is not ours, and what
# watches a served home for connections.
set -euo pipefail

PACKAGES=(
    chromium chromium-l10n fonts-noto-cjk fonts-ipaexfont postgresql
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils softhsm2 age
    strace iproute2
)

is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

has_candidate() {
    # Without downloaded package lists apt names no version to install.
    LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

give_up() {
    echo "Please install these packages, then start again: $*" >&2
    exit 1
}

command -v dpkg-query >/dev/null || give_up "${PACKAGES[@]} (this system has no dpkg; use its own package tool)"

missing=()
for package in "${PACKAGES[@]}"; do
    is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
elif command -v sudo >/dev/null && [ -t 0 ]; then
    as_root=(sudo) # asks for the password
else
    give_up "${missing[@]}"
fi

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" </dev/null
}

install_missing() {
    apt install --no-install-recommends "${missing[@]}"
}

echo "Installing ${missing[*]}"
lists_are_there=yes
for package in "${missing[@]}"; do
    has_candidate "$package" || lists_are_there=no
done
# Lists that are there may be old and name files that are gone; then a second try helps.
if [ $lists_are_there = no ] || ! install_missing; then
    apt update && install_missing || give_up "${missing[@]}"
fi
for package in "${missing[@]}"; do
    is_installed "$package" || give_up "$package"
done
