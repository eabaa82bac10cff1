"""Words of the permission table."""

from __future__ import annotations

from collections.abc import Mapping

from secure_store.access import Mark, Permission, Scope

SCOPE_WORDS: Mapping[Scope, str] = {
    Scope.OWN: "手元",
    Scope.GRANTED: "担当",
    Scope.ALL: "すべて",
}
MARK_WORDS: Mapping[Mark, str] = {
    Mark.TWO_PERSONS: "二人",
    Mark.STEP_UP: "再認証",
    Mark.SUPERVISOR_TERMINAL: "管理者端末",
}
PERMISSION_WORDS: Mapping[Permission, str] = {
    Permission.USE_OWN_ACCOUNT: "ログイン・ログアウト、自分のパスワードと鍵",
    Permission.TAKE_CASE: "案件を受け取り、電話し、結果を入れる",
    Permission.SEE_OWN_RESULTS: "自分の今日の結果を見る",
    Permission.SEARCH_CALLBACK: "折返しの電話を一つの債権の中で探す",
    Permission.SEARCH_QA: "Q&A・案内を探す",
    Permission.RAISE_TICKET: "引継ぎを出す",
    Permission.BE_ON_DUTY: "業務を開始・終了する",
    Permission.ASSIGN_CASES: "案件を割り当てる",
    Permission.SEE_CASE_LISTS: "架電リストと案件を見る",
    Permission.SEE_BOARD: "センターの状況を見る",
    Permission.MANAGE_CAMPAIGNS: "架電期間とスケジュールを決める",
    Permission.RECEIVE_LENT_DATA: "貸与データを受け入れる",
    Permission.PUBLISH_LENT_DATA: "受け入れたデータを公開する",
    Permission.MANAGE_EXCHANGE: "受渡しの鍵・相手・媒体を扱う",
    Permission.CONFIRM_RECIPIENTS: "受渡しの相手を確かめる",
    Permission.SEE_TRANSFERS: "受渡しの記録を見る",
    Permission.EXPORT_DATA: "データを書き出す",
    Permission.SEE_INVENTORY: "データの一覧表を見る",
    Permission.HANDLE_TICKETS: "引継ぎを進める",
    Permission.ANSWER_TICKETS: "引継ぎに答える",
    Permission.CORRECT_OUTCOME: "結果を訂正する",
    Permission.WITHDRAW_CASE: "案件を引き抜く・戻す",
    Permission.CLOSE_DAY: "一日を締め、日次ファイルを作る",
    Permission.SIGN_DAILY_FILES: "日次ファイルに署名し、提出する",
    Permission.READ_DAILY_FILES: "提出した日次ファイルを読む",
    Permission.ORDER_HOURS: "実施時間の指示を入れる",
    Permission.ENTER_INSTRUCTIONS: "個別業務指示書を入れる",
    Permission.EDIT_SCRIPTS: "スクリプト・Q&Aを書く",
    Permission.APPROVE_SCRIPTS: "スクリプト・Q&Aを承認する",
    Permission.IMPORT_OUTCOMES: "結果分類表を取り込む",
    Permission.SUSPEND: "業務を止める・再開する、証拠を保全する",
    Permission.HANDLE_INCIDENTS: "事故の記録を進める",
    Permission.SEE_INCIDENTS: "事故の記録を見る",
    Permission.READ_HANDLING_REPORT: "個人情報取扱状況報告書を見る",
    Permission.MANAGE_STAFF: "利用者を登録し、変える",
    Permission.APPROVE_STAFF: "利用者の登録・変更を二人目として確かめる",
    Permission.SEE_STAFF: "利用者・端末・権限の一覧を見る",
    Permission.UNLOCK_STAFF: "ロックを解く",
    Permission.REQUEST_ERASURE: "抹消を申請し、進める",
    Permission.DESTROY_KEYS: "鍵を抹消する",
    Permission.VERIFY_ERASURE: "抹消を検証する",
    Permission.READ_CERTIFICATES: "抹消の証明書を見る",
    Permission.READ_AUDIT: "操作の記録を読む",
    Permission.VERIFY_AUDIT: "操作の記録を検証する",
    Permission.DISCLOSE_AUDIT: "操作の記録を開示する",
    Permission.PRUNE_AUDIT: "期限を過ぎた記録を消す",
    Permission.CHANGE_SETTINGS: "設定を変える",
    Permission.MANAGE_BACKUPS: "バックアップを取り、確かめ、戻す",
    Permission.ROTATE_KEYS: "鍵を取り替える",
    Permission.MANAGE_TERMINALS: "端末を登録し、外す",
    Permission.MOVE_CLOCK: "訓練の時計を進める",
    Permission.SEE_STYLEGUIDE: "部品一覧を見る",
}
