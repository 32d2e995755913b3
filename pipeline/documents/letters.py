"""What all letters with a red head share: number, addressees, copies, date, who signs and whom to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Self

from pipeline.documents.context import Context, said
from pipeline.dossier.dossier import Dossier
from pipeline.forms.office import DocumentEntry

UNNUMBERED_REMARK = "文号待编"
"""The beginning of the remark on a letter without a number."""


class LetterContext(Context):
    """A letter of the office; its data in the register of documents (文件台账) are taken from there."""

    county: str = said("县区名称", "县（区）的全称")
    office: str = said("机构全称", "督导机构的全称")
    office_short: str = said("机构简称", "文中第二次提到本机构时使用")
    bureau: str = said("主管局名", "教育局（教育体育局）的全称")
    title: str | None = said("标题", "文件台账中登记的标题；没有登记则为空")
    number: str | None = said("文号", "文件台账中的文号；没有登记则为空，印【文号待编】", needed=True)
    unnumbered: bool = said("不编号", "文件台账的文号填了“不编号”：不印文号，红线移到发文机关标志之下")
    addressees: list[str] = said("主送", "文件台账中登记的主送机关")
    copies: list[str] = said("抄送", "文件台账中登记的抄送机关")
    dated: date = said("成文日期", "文件台账中的成文日期；没有登记则为制表日期", needed=True)
    signed_as: str = said("落款单位", "落款用的单位名称；名录没有填的用机构全称", needed=True)
    contact: str = said("联系人", "督导机构的联系人")
    telephone: str = said("联系电话", "办公室座机")
    mail: str | None = said("邮箱", "督导机构的邮箱")
    sealed: bool = said("用印", "加盖印章；生成时写明不用印（--no-seal）的为否")

    def without_seal(self) -> Self:
        """The same letter for signing without a seal."""
        return replace(self, sealed=False)


def letterhead(dossier: Dossier, entry: DocumentEntry | None) -> dict[str, Any]:
    """The fields of LetterContext for a document, registered or not (None)."""
    county = dossier.county
    return {
        "county": county.county,
        "office": county.office,
        "office_short": county.office_short,
        "bureau": county.bureau,
        "title": entry.title if entry else None,
        "number": entry.official_number if entry else None,
        "unnumbered": entry is not None and entry.unnumbered,
        "addressees": list(entry.addressees) if entry else [],
        "copies": list(entry.copies) if entry else [],
        "dated": (entry.dated if entry else None) or dossier.report.made_on,
        "signed_as": dossier.signed_as,
        "contact": county.contact,
        "telephone": county.telephone,
        "mail": county.mail,
        "sealed": True,
    }


def addressed(entry: DocumentEntry | None, *subject: str) -> tuple[str, ...]:
    """To whom a document goes: its subject, and those in the register; () if nobody is known."""
    registered = (*entry.addressees, *entry.copies) if entry else ()
    return tuple(dict.fromkeys((*subject, *registered)))


def unnumbered(entry: DocumentEntry | None, kind: str, related: str, *, addressed: bool = True) -> tuple[str, ...]:
    """Remarks on a document for which the register lacks the number or the addressees; () for none.

    addressed: whether its addressee is clear anyway, as for a notice to one unit.
    """
    found = []
    if entry is None or entry.number is None:
        found.append(
            f"{UNNUMBERED_REMARK}：文件台账中没有文种为“{kind}”、关联编号为“{related}”且已编号的发文，"
            "文中印作【文号待编】；登记后重新生成即可，不编文号的在文号一栏填“不编号”"
        )
    if not addressed and not (entry and entry.addressees):
        found.append("主送机关待填：文件台账中没有登记，文中印作【主送机关待填】；登记后重新生成即可")
    return tuple(found)
