"""The columns of the three tables, those that must be there, and the other names that practice systems give them."""

from app.imports.facts import Kind

_PERSON = ("patient_mrn", "patient_last", "patient_first", "birth_date")

COLUMNS = {
    Kind.SCHEDULE: (
        "visit_id", "starts_at", "start_date", "site", "provider_npi", *_PERSON, "code", "visit_type", "units",
        "modifiers", "diagnoses", "place_of_service", "ndc", "documented", "referral", "channel",
        "provider_group_npi", "bill_to", "supply", "billing_provider_npi", "payer", "plan", "member_id", "phone",
        "email", "language", "text_consent", "status",
    ),
    Kind.COVERAGE: (
        *_PERSON, "payer", "member_id", "rank", "plan", "plan_id", "plan_kind", "line", "state", "benefit",
        "group_number", "subscriber_relationship", "begins", "ends", "checked_on", "result", "network", "source",
        "reference", "referral_required", "rx_bin", "rx_pcn", "rx_group",
    ),
    Kind.AUTHORIZATIONS: (
        *_PERSON, "payer", "status", "codes", "units", "drug", "number", "reference", "member_id", "plan", "begins",
        "ends", "diagnoses", "provider_npi", "provider_group_npi", "provider_binds", "site", "place_of_service",
        "channel", "kind", "urgent", "requested_on", "decided_on", "denial_reason", "ndc", "used", "used_on",
        "no_end", "owner", "next_action", "next_action_on", "submitted_by_channel", "representative",
        "call_reference", "note",
    ),
}  # fmt: skip
"""The canonical names. `start_date` is the day where a file gives day and time in two columns."""

REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.SCHEDULE: (
        ("visit_id",), ("starts_at",), ("site",), ("provider_npi",), ("patient_mrn",), ("patient_last",),
        ("patient_first",), ("birth_date",), ("code", "visit_type"),
    ),
    Kind.COVERAGE: (("patient_mrn",), ("payer",), ("member_id",)),
    Kind.AUTHORIZATIONS: (("patient_mrn",), ("payer",), ("status",), ("codes", "drug", "ndc")),
}  # fmt: skip
"""The columns that must be there; of each group one."""

_PEOPLE = {
    "patient_mrn": (
        "MRN", "Chart #", "Chart", "Chart No", "Chart Number", "Chart ID", "Patient ID", "Patient #", "Pt ID", "PID",
        "Medical Record Number", "Medical Record #", "Account #", "Acct #", "Patient Account", "Patient Number",
        "Patient MRN", "Patient Chart #", "Person ID", "Person Number", "MRN #", "MRN No", "Patient MRN #",
    ),
    "patient_last": (
        "Last Name", "Last", "Patient Last Name", "Pt Last", "Pt Last Name", "Surname", "Family Name", "LName",
    ),
    "patient_first": (
        "First Name", "First", "Patient First Name", "Pt First", "Pt First Name", "Given Name", "FName",
    ),
    "birth_date": (
        "DOB", "Date of Birth", "Birthdate", "Birth Date", "Patient DOB", "Pt DOB", "Birthday", "Patient Birth Date",
    ),
}  # fmt: skip
_PAYER = (
    "Insurance", "Insurance Name", "Ins", "Carrier", "Payor", "Payer Name", "Payor Name", "Insurance Company",
    "Primary Insurance", "Ins Name", "Health Plan", "Insurance Carrier", "Insurer", "Primary Payer", "Ins Company",
)  # fmt: skip
_MEMBER = (
    "Member #", "Policy #", "Member Number", "Subscriber ID", "Subscriber #", "Insurance ID", "Policy ID", "ID #",
    "Policy Number", "Member", "Insured ID", "Ins ID", "Certificate #", "MBI", "Subscriber Number",
    "Member No", "Member ID #", "Policy No", "Subscriber ID #", "Insurance #", "Insurance ID #",
)  # fmt: skip
_DIAGNOSES = (
    "Dx", "ICD-10", "Diagnosis", "Dx Codes", "Dx Code", "ICD", "ICD10", "ICD Codes", "ICD-10-CM", "Diagnosis Codes",
    "Diagnosis Code", "ICD-10 Codes", "ICD-10 Code",
)  # fmt: skip
_PLACE = ("POS", "Place of Service", "Place", "Service Place", "POS Code")
_SITE = (
    "Location", "Office", "Clinic", "Facility", "Location Name", "Site Name", "Practice Location", "Office Location",
    "Department", "Facility Name", "Service Location",
)  # fmt: skip
_NPI = (
    "NPI", "Provider NPI", "Rendering NPI", "Rendering Provider NPI", "Physician NPI", "Doctor NPI", "Resource NPI",
    "Appt Provider NPI", "NPI #", "NPI No", "Provider NPI #", "Rendering NPI #",
)  # fmt: skip
_GROUP = ("Group NPI", "Billing Group NPI", "Practice NPI", "Type 2 NPI", "Provider Group", "Organization NPI")
_PLAN = ("Plan Name", "Insurance Plan", "Product", "Product Name", "Plan Description")
_BEGINS = (
    "Effective", "Effective Date", "Eff Date", "Start Date", "Begin Date", "From", "Valid From", "From Date",
    "Start", "Begin", "Effective From", "Date From",
)  # fmt: skip
_ENDS = (
    "Termination", "Term Date", "Termination Date", "End Date", "Expires", "Expiration", "Expiration Date", "To",
    "Valid To", "Valid Through", "Through", "Thru", "Exp Date", "End", "To Date", "Effective To", "Date To", "Term",
    "Expiry Date", "Valid Until",
)  # fmt: skip
_NDC = ("NDC Code", "NDC #", "National Drug Code", "NDC 11", "NDC11", "Drug NDC")
_UNITS = ("Qty", "Quantity", "Unit", "Units Planned", "Service Units", "Number of Units")
_CHANNEL = ("Benefit Type", "Benefit Channel", "Billed Under", "Rx or Medical")

FIRST_NAMES = frozenset(
    {
        "Appt ID", "Appointment ID", "Appt Time", "Date and time", "Location", "Office", "NPI", "MRN", "Chart #",
        "Last Name", "First Name", "DOB", "Date of Birth", "CPT", "CPT Code", "Codes Approved", "Qty",
        "Visits Approved", "Dx", "ICD-10", "POS", "Insurance", "Member #", "Policy #", "Auth #", "Auth Start",
        "Auth End", "Effective", "Termination", "Appt Status",
    }
)  # fmt: skip
"""The names that mean their column whatever else is there; the others give way to these and to canonical names."""

OTHER_NAMES: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.SCHEDULE: _PEOPLE
    | {
        "visit_id": (
            "Appt ID", "Appointment ID", "Appt #", "Appointment #", "Appointment Number", "Encounter ID", "Visit #",
            "Appointment", "Visit Number", "Encounter #", "Encounter Number", "CSN", "Appt Number", "Appt Key",
        ),
        "starts_at": (
            "Appt Time", "Date and time", "Appointment Time", "Start Time", "Start", "Appt Date/Time", "Date/Time",
            "Appointment Date/Time", "Appt DateTime", "Appointment Date and Time", "Scheduled Time", "Time",
            "Appt Date and Time", "Appt Start", "Appointment Start", "DateTime", "Scheduled At", "Visit Time",
            "Start Date/Time", "Date Time", "Begin Time", "Starts",
        ),
        "start_date": (
            "Appt Date", "Appointment Date", "Date", "Visit Date", "Date of Service", "DOS", "Service Date",
            "Scheduled Date",
        ),
        "site": _SITE,
        "provider_npi": _NPI,
        "code": (
            "CPT", "CPT Code", "HCPCS", "Procedure", "Procedure Code", "CPT/HCPCS", "Service Code", "Proc Code",
            "HCPCS Code", "CPT Codes", "Proc", "CPT4", "CPT-4",
        ),
        "visit_type": (
            "Appt Type", "Appointment Type", "Type", "Visit Reason", "Reason", "Visit Type Name", "Reason for Visit",
            "Appt Reason", "Appointment Reason", "Encounter Type", "Event Type",
        ),
        "units": _UNITS,
        "modifiers": ("Modifier", "Mod", "Mods", "CPT Modifier", "Modifier Codes", "CPT Modifiers"),
        "diagnoses": _DIAGNOSES,
        "place_of_service": _PLACE,
        "ndc": _NDC,
        "documented": ("Triggers", "Documented Findings", "Symptoms", "Findings", "Medical Necessity"),
        "referral": ("Referral #", "Referral Number", "Ref #", "Referral ID", "Referral No"),
        "channel": _CHANNEL,
        "provider_group_npi": _GROUP,
        "bill_to": ("Billed To", "Responsible", "Responsible Party", "Financial Class", "Pay Type", "Billing Type"),
        "supply": ("Drug Supply", "Drug Source", "Supplied By", "Supply Source"),
        "billing_provider_npi": (
            "Billing NPI", "Billing Provider", "Supervising NPI", "Supervising Provider NPI", "Supervisor NPI",
        ),
        "payer": _PAYER,
        "plan": _PLAN,
        "member_id": _MEMBER,
        "phone": (
            "Phone Number", "Mobile", "Cell", "Cell Phone", "Mobile Phone", "Home Phone", "Patient Phone", "Phone #",
            "Telephone", "Primary Phone",
        ),
        "email": ("E-mail", "Email Address", "Patient Email", "E-mail Address"),
        "language": ("Preferred Language", "Lang", "Patient Language"),
        "text_consent": (
            "SMS Consent", "Text OK", "OK to Text", "Text Messages", "SMS OK", "Texting Consent", "SMS Opt In",
            "Text Opt In",
        ),
        "status": (
            "Appt Status", "Appointment Status", "Visit Status", "Encounter Status", "Confirmation Status",
        ),
    },
    Kind.COVERAGE: _PEOPLE
    | {
        "payer": _PAYER,
        "member_id": _MEMBER,
        "rank": (
            "Priority", "Coverage Order", "COB", "Insurance Rank", "Ins Order", "Coordination", "Coverage Rank",
            "Coverage Level", "Sequence", "Insurance Type", "Insurance Level",
        ),
        "plan": _PLAN,
        "plan_id": ("Plan #", "Plan Number", "Plan Code", "Product ID", "HIOS ID", "Contract ID", "PBP"),
        "plan_kind": ("Plan Type", "Product Type", "Network Type", "Type of Plan"),
        "line": ("Line of Business", "LOB", "Coverage Type", "Business Line", "Payer Type"),
        "state": ("Plan State", "Coverage State", "ST", "State Code"),
        "benefit": ("Benefit Type", "Benefits", "Covers"),
        "group_number": ("Group #", "Group", "Group No", "Group ID", "Employer Group", "Group Num", "Grp #", "Grp"),
        "subscriber_relationship": (
            "Relationship", "Relation", "Relationship to Subscriber", "Patient Relationship",
            "Relation to Subscriber", "Subscriber Relation", "Rel",
        ),
        "begins": (
            *_BEGINS, "Coverage Start", "Coverage Begin", "Coverage Effective", "Policy Start",
            "Coverage Effective Date", "Coverage From", "Policy Effective Date",
        ),
        "ends": (
            *_ENDS, "Coverage End", "Coverage Term", "Policy End", "Coverage Termination", "Coverage To",
            "Coverage Termination Date", "Policy Termination Date",
        ),
        "checked_on": (
            "Checked", "Verified", "Verified On", "Verification Date", "Last Verified", "Eligibility Date",
            "Date Verified", "Last Checked", "Eligibility Checked", "Date Checked", "Eligibility Check Date",
        ),
        "result": (
            "Eligibility", "Eligibility Status", "Status", "Coverage Status", "Active", "Eligibility Result",
            "Verification Result", "Verification Status",
        ),
        "network": ("Network Status", "In Network", "Provider Network", "In/Out of Network"),
        "source": ("Verified By", "Verification Source", "Verified Via", "Method", "Verification Method"),
        "reference": (
            "Reference #", "Ref #", "Call Reference", "Confirmation #", "Reference Number", "Trace #",
            "Reference ID",
        ),
        "referral_required": ("Referral Needed", "Needs Referral", "Referral", "PCP Referral", "Referral Req"),
        "rx_bin": ("BIN", "RxBIN", "Rx BIN #", "Pharmacy BIN"),
        "rx_pcn": ("PCN", "RxPCN", "Pharmacy PCN"),
        "rx_group": ("RxGRP", "Rx Grp", "RxGroup", "Pharmacy Group", "Rx Group #"),
    },
    Kind.AUTHORIZATIONS: _PEOPLE
    | {
        "payer": _PAYER,
        "member_id": _MEMBER,
        "plan": _PLAN,
        "status": (
            "Auth Status", "Authorization Status", "PA Status", "Decision", "Request Status", "Determination",
            "Outcome", "Prior Auth Status",
        ),
        "codes": (
            "CPT", "Codes Approved", "CPT Code", "CPT Codes", "HCPCS", "Procedure Codes", "Procedure", "Procedures",
            "Services", "Approved Codes", "Code", "Service Codes", "Procedure Code", "CPT/HCPCS", "Approved CPT",
            "HCPCS Code", "Codes Requested", "HCPCS Codes",
        ),
        "units": (
            *_UNITS, "Visits Approved", "Units Approved", "Approved Units", "Visits", "Approved Visits",
            "Auth Units", "Auth Visits", "Authorized Units", "Authorized Visits", "# Visits", "# Units",
            "Number of Visits", "Qty Approved",
        ),
        "drug": ("Drug Name", "Medication", "Medication Name", "Biologic", "Drug Requested", "Med"),
        "number": (
            "Auth #", "Authorization #", "Auth", "Auth Number", "Authorization Number", "PA #", "PA Number",
            "Prior Auth #", "Prior Auth Number", "Prior Authorization #", "Prior Authorization Number",
            "Certification #", "Approval #", "Auth No", "Auth ID", "Authorization ID", "Authorization",
            "Approval Number", "Authorization No", "Cert Number", "Referral #", "Referral Number",
        ),
        "reference": (
            "Reference #", "Ref #", "Case #", "Case Number", "Tracking #", "Tracking Number", "Request #", "Case ID",
            "Reference Number", "Request ID", "Request Number", "Tracking ID", "Reference ID", "Submission ID",
            "Key",
        ),
        "begins": (
            *_BEGINS, "Auth Start", "Auth Begin", "Auth From", "Approved From", "Auth Start Date", "Auth Effective",
            "Authorization Start", "Auth Effective Date", "Approval Start", "Approved Start", "Auth Begin Date",
            "Authorization Start Date",
        ),
        "ends": (
            *_ENDS, "Auth End", "Auth Expires", "Auth To", "Approved To", "Auth End Date", "Auth Expiration",
            "Authorization End", "Auth Exp", "Auth Expiration Date", "Approved Through", "Approval End", "Auth Thru",
            "Auth Through", "Authorization End Date", "Approved Until",
        ),
        "diagnoses": _DIAGNOSES,
        "provider_npi": (*_NPI, "Servicing NPI", "Servicing Provider NPI", "Requesting NPI", "Treating Provider NPI"),
        "provider_group_npi": _GROUP,
        "provider_binds": ("This Provider Only", "Provider Specific", "Binds Provider", "Provider Only"),
        "site": _SITE,
        "place_of_service": _PLACE,
        "channel": (*_CHANNEL, "Benefit"),
        "kind": ("Request Type", "Auth Type", "Type", "Authorization Type", "Type of Request", "PA Type"),
        "urgent": ("Expedited", "Stat", "Priority", "Urgency", "Rush"),
        "requested_on": (
            "Requested", "Request Date", "Submitted", "Submitted On", "Date Submitted", "Date Requested",
            "Submission Date", "Submit Date", "Requested Date", "Date Sent",
        ),
        "decided_on": (
            "Decided", "Decision Date", "Date Approved", "Approved On", "Determination Date", "Approval Date",
            "Date Decided", "Date of Decision", "Response Date",
        ),
        "denial_reason": ("Reason for Denial", "Denied Reason", "Denial", "Denial Reason Code"),
        "ndc": _NDC,
        "used": ("Units Used", "Visits Used", "Used Units", "Qty Used", "Used Visits"),
        "used_on": ("Used As Of", "Used Through", "As Of", "Used Until", "Count As Of"),
        "no_end": ("No End Date", "Lifetime", "No Expiration", "Does Not Expire", "No Expiry"),
        "owner": ("Assigned To", "Coordinator", "Staff", "Assignee", "Worked By"),
        "next_action": ("Next Step", "Action", "To Do", "Follow Up", "Followup"),
        "next_action_on": (
            "Next Step Date", "Follow Up Date", "Followup Date", "Due", "Due Date", "Next Action Date",
            "Follow Up On",
        ),
        "submitted_by_channel": (
            "Submitted Via", "Submission Method", "Submitted By", "Method", "Submission Channel", "Sent Via",
        ),
        "representative": ("Rep", "Rep Name", "Spoke With", "Spoke To", "Payer Rep", "Representative Name"),
        "call_reference": (
            "Call Ref", "Call Reference #", "Call Ref #", "Call #", "Call Reference Number", "Call ID",
        ),
        "note": ("Notes", "Comment", "Comments", "Remarks", "Memo"),
    },
}  # fmt: skip
"""Other names by canonical name. CPT, Effective, NPI, Insurance and the like mean what the kind of the table says."""
