"""The code lists of the forms: each member's value is the term in the cell, in the order of the list."""

from __future__ import annotations

from pipeline.forms.code import Code


class SchoolKind(Code):
    KINDERGARTEN = "幼儿园"
    PRIMARY = "小学"
    TEACHING_POINT = "教学点"
    JUNIOR = "初级中学"
    NINE_YEAR = "九年一贯制"
    COMPLETE_SECONDARY = "完全中学"
    SENIOR = "高级中学"
    TWELVE_YEAR = "十二年一贯制"
    VOCATIONAL = "中等职业学校"
    SPECIAL = "特殊教育学校"
    REFORM = "专门学校"
    TRAINING_INSTITUTION = "校外培训机构"
    CARE_INSTITUTION = "托管机构"
    OTHER = "其他"


NEVER_SCHOOLS = frozenset({SchoolKind.TRAINING_INSTITUTION, SchoolKind.CARE_INSTITUTION, SchoolKind.OTHER})
"""Kinds that are registered but never counted as schools."""

COMPULSORY = frozenset({SchoolKind.PRIMARY, SchoolKind.TEACHING_POINT, SchoolKind.JUNIOR, SchoolKind.NINE_YEAR})
"""Kinds that teach only the nine years of compulsory education."""

SUPERVISED_BY_NAME = COMPULSORY | {SchoolKind.COMPLETE_SECONDARY, SchoolKind.SENIOR, SchoolKind.TWELVE_YEAR}
"""Primary and middle schools: each has its own inspector (责任督学挂牌督导)."""


class Ownership(Code):
    PUBLIC = "公办"
    INCLUSIVE_PRIVATE = "民办普惠"
    OTHER_PRIVATE = "民办非普惠"
    OTHER_DEPARTMENT = "其他部门办"
    SINO_FOREIGN = "中外合作"


class Affiliation(Code):
    PROVINCE_OR_CITY = "省市直属"
    COUNTY = "县直"
    TOWN = "乡镇街道"
    PRIVATE = "民办"


class Area(Code):
    URBAN = "城区"
    TOWN = "镇区"
    VILLAGE = "乡村"


class SchoolStatus(Code):
    OPEN = "正常"
    CLOSED = "停办"
    MERGED = "撤并"
    NOT_YET_OPEN = "新建未开"


class Sex(Code):
    MALE = "男"
    FEMALE = "女"


class InspectorKind(Code):
    FULL_TIME = "专职"
    PART_TIME = "兼职"
    SPECIAL = "特约"


class Post(Code):
    OFFICE_HEAD = "室主任"
    OFFICE_DEPUTY = "室副主任"
    CHIEF_INSPECTOR = "主任督学"
    ZONE_HEAD = "责任区主任"
    INSPECTOR = "督学"
    STAFF = "督导干部"


class FormerPost(Code):
    TOWN_SCHOOL_HEAD = "中心校正副职"
    COUNTY_SCHOOL_HEAD = "县直校正副职"
    ACCOUNTANT = "财务人员"
    ZONE_HEAD = "原责任区主任"
    FULL_TIME_INSPECTOR = "原专职督学"
    JUNIOR_HEAD = "初中校长"
    SENIOR_LEADER = "高中校负责人"
    RESEARCHER = "教研员"
    OFFICIAL = "机关干部"
    RETIRED_HEAD = "退休校长"
    OTHER = "其他"


SCHOOL_LEADERS = (FormerPost.TOWN_SCHOOL_HEAD, FormerPost.COUNTY_SCHOOL_HEAD, FormerPost.ACCOUNTANT)
"""Reports count inspectors from these posts together: leaders and accountants of town and county schools."""


class CampaignKind(Code):
    REGULAR = "经常性督导"
    SPECIAL = "专项督导"
    COMPREHENSIVE = "综合督导"
    ASSESSMENT = "督导评估"
    REVISIT = "回头看"


class Theme(Code):
    TERM_OPENING = "开学工作"
    DOUBLE_REDUCTION = "双减"
    PAID_TUTORING = "有偿补课"
    SCHOOL_SAFETY = "校园安全"
    FOOD_SAFETY = "食品安全"
    EPIDEMIC = "卫生防疫"
    ENROLMENT = "招生收费"
    OUT_OF_SCHOOL = "校外培训"
    TEACHER_ETHICS = "师德师风"
    DROPOUT = "控辍保学"
    KINDERGARTEN = "办园行为"
    FIVE_MANAGEMENTS = "五项管理"
    QUALITY_MONITORING = "质量监测"
    BALANCED_DEVELOPMENT = "均衡创建"
    DUTY_APPRAISAL = "履职评价"
    OTHER = "其他"


class CampaignState(Code):
    PREPARING = "筹备"
    INSPECTING = "实施"
    FEEDBACK = "反馈"
    RECTIFYING = "整改"
    DONE = "办结"


class ObjectKind(Code):
    SCHOOL = "学校"
    TOWN = "乡镇街道"
    ZONE = "责任区"
    COUNTY = "县市区"


class MeetingKind(Code):
    WORK = "工作会"
    DEPLOYMENT = "部署会"
    PREPARATION = "预备会"
    MOBILISATION = "动员会"
    FORUM = "座谈会"
    TRAINING = "培训"
    REGULAR = "例会"
    INTERVIEW = "约谈"
    FEEDBACK = "反馈会"


class DayPart(Code):
    MORNING = "上午"
    AFTERNOON = "下午"
    WHOLE_DAY = "全天"
    EVENING = "晚上"


class DaytimePart(Code):
    MORNING = "上午"
    AFTERNOON = "下午"
    WHOLE_DAY = "全天"


class AgendaStep(Code):
    CHAIR = "主持"
    STATEMENT = "说明"
    REPORT = "汇报"
    LECTURE = "讲座"
    DEPLOYMENT = "部署"
    BULLETIN = "通报"
    EXPLANATION = "解读"
    EXCHANGE = "交流"
    GUIDANCE = "指导"
    SPEECH = "讲话"
    SUMMARY = "总结"
    TOUR = "参观"


class VisitDirection(Code):
    FROM_ABOVE = "上级来访"
    FROM_COUNTY = "外县交流"
    TO_TOWN = "下乡视导"


class VisitEntry(Code):
    PLACE = "到访"
    PRAISE = "肯定"
    SUGGESTION = "建议"


class CampaignOutcome(Code):
    EXCELLENT = "优秀"
    GOOD = "良好"
    FAIR = "合格"
    BARELY = "基本合格"
    FAILED = "不合格"
    PASSED = "通过"
    NOT_PASSED = "未通过"


class Grade(Code):
    EXCELLENT = "优秀"
    GOOD = "良好"
    FAIR = "合格"
    BARELY = "基本合格"
    FAILED = "不合格"


class DocumentKind(Code):
    NOTICE = "通知"
    BULLETIN = "通报"
    OPINION = "意见书"
    RECTIFICATION_NOTICE = "整改通知书"
    URGING = "督办单"
    ADVICE = "意见"
    LETTER = "函"
    REPORT = "报告"
    REQUEST = "请示"
    REPLY = "批复"
    PLAN = "方案"
    SUMMARY = "总结"
    MINUTES = "纪要"
    OTHER = "其他"


class DocumentDirection(Code):
    INCOMING = "来文"
    OUTGOING = "发文"


class PlanKind(Code):
    REGULAR = "经常性督导"
    SPECIAL = "专项督导"
    COMPREHENSIVE = "综合督导"
    VISIT = "视导"
    REVISIT = "回头看"
    MEETING = "会议培训"
    OTHER = "其他"


class Section(Code):
    TEAM = "队伍建设"
    SPECIAL = "专项督导"
    REGULAR = "经常性督导"
    VISITS = "调研交流"
    MEETINGS = "会议培训"
    TOWNS = "督政视导"
    ASSESSMENT = "评估监测"
    RECTIFICATION = "问题整改"
    SHORTCOMINGS = "存在不足"
    PLANS = "下步打算"


class Matter(Code):
    """What an inspector looks at; clerks may write the ordinal number (1-9)."""

    MANAGEMENT = "校务管理和制度执行"
    ENROLMENT = "招生收费择校"
    TEACHING = "课程开设和课堂教学"
    LEARNING = "学生学习体育锻炼和课业负担"
    TEACHERS = "教师师德和专业发展"
    SAFETY = "校园及周边安全"
    HYGIENE = "食堂食品饮水及宿舍卫生"
    CLIMATE = "校风教风学风建设"
    EARLY_CARE = "保育教育"

    @classmethod
    def numbered(cls) -> bool:
        return True


class Feedback(Code):
    SPOKEN = "现场口头"
    OPINION = "督导意见书"
    RECTIFICATION_NOTICE = "整改通知书"
    NONE = "无需反馈"


class ProblemSource(Code):
    REGULAR = "经常性督导"
    SPECIAL = "专项督导"
    COMPREHENSIVE = "综合督导"
    ASSESSMENT = "督导评估"
    REVISIT = "回头看"
    VISIT = "视导"
    SUPERIOR = "上级督导"
    COMPLAINT = "投诉举报"
    SELF_CHECK = "自查自评"


SOURCES_WITH_NUMBER = frozenset(list(ProblemSource)[:6])
"""Sources that the office has given a number (督导编号 or the number of a visit)."""


class ProblemKind(Code):
    MANAGEMENT = "校务管理和制度执行"
    ENROLMENT = "招生收费择校"
    TEACHING = "课程开设和课堂教学"
    LEARNING = "学生学习体育锻炼和课业负担"
    TEACHERS = "教师师德和专业发展"
    SAFETY = "校园及周边安全"
    HYGIENE = "食堂食品饮水及宿舍卫生"
    CLIMATE = "校风教风学风建设"
    EARLY_CARE = "保育教育"
    FACILITIES = "办学条件"
    STAFFING = "师资编制"
    FUNDING = "经费保障"
    PARTY = "党建廉政"
    OTHER = "其他"


class Gravity(Code):
    SLIGHT = "轻微"
    ORDINARY = "一般"
    SERIOUS = "严重"
    MAJOR_HAZARD = "重大隐患"


class Handling(Code):
    ON_SITE = "现场反馈"
    OPINION = "督导意见书"
    RECTIFICATION_NOTICE = "整改通知书"
    REFERRED_UP = "上报督导室"
    CONSULTATION = "科室协商"
    TRANSFERRED = "移交执法或纪检"


class RectificationKind(Code):
    AT_ONCE = "立行立改"
    BY_DEADLINE = "限期整改"
    LONG_TERM = "长期整改"


class ProblemState(Code):
    NOT_STARTED = "未启动"
    UNDER_WAY = "整改中"
    AWAITING_CHECK = "已完成待核查"
    RETURNED = "退回重改"
    CLOSED = "已销号"


DONE_STATES = frozenset({ProblemState.AWAITING_CHECK, ProblemState.RETURNED, ProblemState.CLOSED})
"""States that a problem reaches only after the unit has reported it done."""


class CheckResult(Code):
    PASSED = "通过"
    FAILED = "不通过"
