"""What a scheme says beside its sections reads as sentences, in both languages."""

from tests.support.source_schemes import scheme_of
from workflow.scoring.terms import Gap, Grade, Protect, Ranking, Within
from workflow.scoring.terms_wording import say_consequence, say_grade, say_ranking, say_terms
from workflow.wording import Language


def test_a_scheme_of_agents_says_what_follows_from_the_ranks() -> None:
    said = say_terms(scheme_of("csr-card"), Language.EN)
    assert said["consequences"][2] == (
        "待岗 (off-post): last 5 in 3 consecutive periods, for 1 period(s), no bonus; by hr; once confirmed followed by"
        " 待岗培训 (training, by room-manager), 上岗考核 (test, by department-head, failing it prolongs it by 1 period(s)),"
        " 重新上岗 (return, by hr)"
    )
    assert said["consequences"][3] == "辞退建议 (dismissal): last 5 in the first period after off post; by hr"
    assert said["pay"] == ["bonus: 3000 × total ÷ 100"]


def test_wages_by_level_and_the_benefit_wage_are_told() -> None:
    said = say_terms(scheme_of("account-manager-profit"), Language.ZH)
    assert said["pay"] == ["基本工资:高级 8000、中级 6000、初级 4500", "效益工资:profit 的实际完成额 × 0.02"]


def test_a_veto_says_what_it_sets() -> None:
    said = say_terms(scheme_of("account-manager-levels"), Language.EN)
    assert said["vetoes"][0].endswith("(misconduct), the grade is 不合格")


def test_what_is_not_there_is_not_told() -> None:
    assert say_terms(scheme_of("hotline-agent"), Language.EN).keys() == {"grades", "ranking"}


def test_ranking_and_grades_tell_their_limits() -> None:
    ranking = Ranking(within=Within.GROUP, family="csr", tie_break=("quality", "floor"), min_days=15)
    assert say_ranking(ranking, Language.EN) == (
        "ranked within the ranking group, together with all schemes of the family csr, "
        "equal totals are told apart by quality, floor in turn, fewer than 15 days attended are not ranked"
    )
    grade = Grade.from_data({"name": "A", "from": "90", "share": "0.2"})
    assert say_grade(grade, Language.ZH) == "A:90 分起,至多占考核单元的 0.2"


def test_the_conditions_of_a_consequence_are_told() -> None:
    one = scheme_of("customer-service-staff").consequences[2]
    assert one.protect is Protect.BETTER_HALF
    assert one.gap is Gap.BREAK
    assert say_consequence(one, Language.ZH) == (
        "警告(warning):连续 2 期末 3 名,名次在前一半的除外;由 department-head 办理"
    )
