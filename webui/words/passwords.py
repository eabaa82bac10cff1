"""Sentences about passwords: what a try came to, and why a new one is refused."""

from __future__ import annotations

from secure_store.people.throttle import LoginAnswer

LOGIN_ANSWERS = {
    LoginAnswer.REFUSED: "利用者番号かパスワードが違います。",
    LoginAnswer.MUST_WAIT: "続けて間違えたため、しばらく入れません。時間をおいてもう一度お試しください。",
    LoginAnswer.LOCKED: "この利用者番号は止められています。業務管理者に解除を頼んでください。",
}
NOT_HERE = "利用者番号かパスワードが違うか、この端末では使えません。登録した端末でお試しください。"
# For somebody who is signed in already and gives only the password.
PASSWORD_ANSWERS = {**LOGIN_ANSWERS, LoginAnswer.REFUSED: "パスワードが違います。"}
OLD_PASSWORD_ANSWERS = {**LOGIN_ANSWERS, LoginAnswer.REFUSED: "いまのパスワードが違います。"}
SECOND_PERSON_ANSWERS = {
    LoginAnswer.REFUSED: "二人目の利用者番号かパスワードが違います。鍵を使う人は、自分の端末で5分以内に再認証を済ませてください。",
    LoginAnswer.MUST_WAIT: "続けて間違えたため、しばらく確認できません。時間をおいてください。",
    LoginAnswer.LOCKED: "この利用者番号は止められています。",
}
PASSWORD_FAULTS = {
    "too_short": "15文字以上（鍵か登録した端末と合わせて使う人は12文字以上）にしてください。",
    "too_long": "128文字以内にしてください。",
    "contains_context_word": "業務に関わる言葉（納付、札幌など）は使えません。",
    "contains_staff_code": "利用者番号を含めないでください。",
    "common": "よく使われるパスワードです。別の言葉を組み合わせてください。",
    "one_character_repeated": "同じ文字の繰り返しは使えません。",
    "same_as_before": "いまと同じパスワードは使えません。別のものにしてください。",
}
