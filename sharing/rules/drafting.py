"""From a worked example and the members of each role to a draft."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import timedelta

from sharing.terms.agreements import Draft, FlowDraft, MemberDraft, Wording
from sharing.terms.codes import Assurance
from sharing.terms.templates import Template, TemplateFlow


def filled(template: Template, draft: Draft, members: Iterable[MemberDraft]) -> Draft:
    """Return a draft with the template's words wherever it says nothing itself.

    A flow whose roles no member has is left out: the draft then opens less, never more.
    """
    taking_part = tuple(members)
    flows = draft.flows or tuple(
        made for flow in template.flows if (made := _flow(flow, taking_part)) is not None
    )
    carried = {category for flow in flows for category in flow.categories}
    review = timedelta(days=template.review_after_days)
    return replace(
        draft,
        flows=flows,
        review_due=draft.review_due or draft.effective_from + review,
        wording=_completed(draft.wording, template.wording),
        retention=draft.retention
        or tuple(one for one in template.retention if one.category in carried),
    )


def _completed(own: Wording, usual: Wording) -> Wording:
    said = {one.name: getattr(own, one.name) for one in fields(Wording)}
    return replace(usual, **{name: text for name, text in said.items() if text is not None})


def _flow(flow: TemplateFlow, members: tuple[MemberDraft, ...]) -> FlowDraft | None:
    sources = frozenset(one.agency for one in members if one.role in flow.from_roles)
    recipients = frozenset(one.agency for one in members if one.role in flow.to_roles)
    if not sources or not recipients:
        return None
    return FlowDraft(
        code=flow.code,
        sources=sources,
        recipients=recipients,
        purposes=flow.purposes,
        categories=flow.categories,
        kinds=flow.kinds,
        basis=flow.basis,
        requires=flow.requires,
        law=flow.law,
        special_condition=flow.special_condition,
        verbal=flow.verbal,
        override=flow.override,
        pierces_shield=flow.pierces_shield,
        practitioner=Assurance.NONE,
    )
