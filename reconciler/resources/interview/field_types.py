"""The types of an interview's fields: choices, and the objects inside an interview. Data; imports no library.

Sources: docs/service.md, on create, get and update.
"""

from __future__ import annotations

from reconciler.resources.field import Choice, Field, Flag, FreeObject, ListOf, Object, Rule, Text

TEXT = Text()
WORDS = Text(min_length=1, pattern=r"\S")  # text that must say something: white space alone does not
# what questions are matched on: short, on one line, without white space at the ends
HANDLE = Text(min_length=1, max_length=200, pattern=r"^\S(?:[^\r\n]*\S)?$")
TEXTS = ListOf(TEXT)
FLAG = Flag()
FREE = FreeObject()

# a table reads best with one row a field
# fmt: off
LANGUAGE = Choice((
    "ar", "bg", "zh", "hr", "cs", "da", "nl", "en", "fil", "fi", "fr", "de", "el", "hi", "hu", "id", "it", "ja",
    "ko", "ms", "no", "pl", "pt", "br", "ro", "ru", "sk", "es", "sv", "ta", "th", "tr", "uk", "vi",
))
STATUS = Choice(("draft", "active"))
TYPE = Choice(("interview", "coaching", "assessment"))
VISIBILITY = Choice(("merchant_public", "merchant_invite", "merchant_unlisted"))
INTERVIEW_TYPE = Choice((
    "pre-screening", "pre-screening-with-test-questions", "second-interview",
    "remote-freelancer-verification", "strength-based-interview", "potential-based-interview",
    "process-verification-from-knowledge-base",
))
SENIORITY = Choice(("entry-level", "intermediate", "senior", "managerial", "director", "executive"))
SPEED = Choice(("slower", "normal", "faster"))
RESULT_VIEW = Choice(("none", "minimal", "minimal_with_score", "advanced", "full", "full_expand_scores"))
RECORDING = Choice(("audio_first_5_answers", "audio_all", "video_all", "video_first_5_answers"))
SESSION_RECORDING = Choice(("audio_all", "video_all"))
INTRODUCTION = Choice(("optional", "required"))
COACH_PLAN = Choice(("demo", "screening", "2nd", "3rd", "closing", "job-specific", "other"))
CREDIT = Choice((
    "resume_check", "interview_coach_starter", "interview_coach_contributor", "interview_coach_manager", "cover_letter",
))
COUNTRY = Choice((  # ISO 3166-1 alpha-2
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD",
    "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA",
    "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE",
    "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA",
    "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK",
    "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP",
    "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT",
    "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS",
    "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ",
    "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS",
    "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST",
    "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW",
    "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA",
    "ZM", "ZW",
))
LAYOUT = Choice(("classic", "modern", "one_pager"))

COMPANY = Object("Company", "The employer, where the merchant hires for another company.", (
    Field("name", TEXT,
          description="The employer; undisclosed: a client without a name; null: you hire for yourself."),
    Field("description", TEXT, description="Background that the avatar may use."),
    Field("location", TEXT, description="Main location."),
    Field("sector", TEXT, description="Industry."),
    Field("company_size", TEXT, description="Rough number of people."),
))
REPORT = Object("Report", "What the automatic PDF report shows.", (
    Field("mojito_language_code", LANGUAGE, nullable=False, initial="en", description="Language of the report."),
    Field("contact_details", FLAG, nullable=False, initial=False,
          description="Show the candidate's contact details."),
    Field("ai_recruiter_assessment", FLAG, nullable=False, initial=False,
          description="Show the assessment made for recruiters."),
    Field("ai_scoring_rubric", FLAG, nullable=False, initial=False, description="Show the scoring rubric."),
    Field("analytics", FLAG, nullable=False, initial=False, description="Show analytics."),
    Field("files", FLAG, nullable=False, initial=False, description="Show the files the candidate uploaded."),
    Field("transcript", FLAG, nullable=False, initial=False, description="Show the transcript."),
    Field("answer_recording", FLAG, nullable=False, initial=False,
          description="Show the recording of each answer."),
    Field("session_recording", FLAG, nullable=False, initial=False,
          description="Show the recording of the session."),
    Field("group_by_question", FLAG, nullable=False, initial=False,
          description="Arrange the answers by question."),
    Field("template", LAYOUT, nullable=False, initial="classic", description="Layout."),
))
COUNTRIES = Object("Countries", "From which countries candidates may start; blocked wins over allowed.", (
    Field("countries_allowed", ListOf(COUNTRY), rule=Rule.UPPERCASE,
          description="Codes of the only countries from which candidates may start, such as DE; none: all."),
    Field("countries_allowed_eu", FLAG, rule=Rule.DEFAULT, default=False,
          description="Allow the EU, the EEA and Switzerland as well."),
    Field("countries_blocked", ListOf(COUNTRY), rule=Rule.UPPERCASE,
          description="Codes of countries from which candidates may not start."),
    Field("countries_blocked_eu", FLAG, rule=Rule.DEFAULT, default=False,
          description="Block the EU, the EEA and Switzerland as well."),
))
EXPECTATIONS = Object("Expectations", "What answers are measured against, in three levels. Further keys are kept.", (
    Field("weak", TEXTS, nullable=False, initial=(), description="What every viable candidate meets."),
    Field("moderate", TEXTS, nullable=False, initial=(), description="What a solid candidate meets."),
    Field("strong", TEXTS, nullable=False, initial=(), description="What only standouts meet."),
), is_open=True)
# fmt: on
