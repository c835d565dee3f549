"""Every door of every storey: what an application answers at all."""

from typing import Final

import app.oauth.api
import consent.api.consents
import consent.api.due
import consent.api.evidence
import consent.api.family_forms
import consent.api.history
import consent.api.notices
import consent.api.protection
import consent.api.receipts
import consent.api.subjects
import consent.api.vocabulary
import directory.api.agencies
import directory.api.calling
import directory.api.contacts
import directory.api.coverage
import directory.api.drafts
import directory.api.duplicates
import directory.api.entries
import directory.api.imports
import directory.api.levels
import directory.api.offers
import directory.api.oruk
import directory.api.protected
import directory.api.schools
import directory.api.searching
import directory.api.upkeep
import directory.api.versions
import directory.pages.calling
import directory.pages.confirming
import directory.pages.managing
import directory.pages.managing_areas
import directory.pages.managing_contacts
import directory.pages.managing_drafts
import directory.pages.managing_duplicates
import directory.pages.managing_records
import directory.pages.managing_reports
import directory.pages.managing_versions
import directory.pages.offers
import directory.pages.searching
import directory.pages.services
import directory.pages.shortlist
import directory.pages.suggesting
import sharing.api.agreements
import sharing.api.disclosures
import sharing.api.erasing
import sharing.api.escalations
import sharing.api.events
import sharing.api.exporting
import sharing.api.holds
import sharing.api.log
import sharing.api.not_shared
import sharing.api.notices
import sharing.api.packs
import sharing.api.previewing
import sharing.api.received
import sharing.api.records
import sharing.api.rectifying
import sharing.api.register
import sharing.api.replaying
import sharing.api.reports
import sharing.api.retention
import sharing.api.review_settings
import sharing.api.reviewing
import sharing.api.seeing
import sharing.api.signatures
import sharing.api.tables
import sharing.api.timeline
import sharing.api.tlog
import sharing.api.views
import sharing.api.webhooks
import sharing.pages.exporting
import sharing.pages.holds
import sharing.pages.home
import sharing.pages.log_search
import sharing.pages.previewing
import sharing.pages.replaying
import sharing.pages.reports
import sharing.pages.review_rules
import sharing.pages.reviewing
import sharing.pages.rights
import sharing.pages.signing

API: Final = (
    directory.api.agencies.blueprint,
    directory.api.contacts.blueprint,
    directory.api.searching.blueprint,
    directory.api.coverage.blueprint,
    directory.api.calling.blueprint,
    directory.api.schools.blueprint,
    directory.api.levels.blueprint,
    directory.api.drafts.blueprint,
    directory.api.offers.blueprint,
    directory.api.duplicates.blueprint,
    directory.api.imports.blueprint,
    directory.api.versions.blueprint,
    directory.api.entries.blueprint,
    directory.api.upkeep.blueprint,
    directory.api.oruk.blueprint,
    directory.api.protected.blueprint,
    consent.api.vocabulary.blueprint,
    consent.api.subjects.blueprint,
    consent.api.protection.blueprint,
    consent.api.consents.blueprint,
    consent.api.family_forms.blueprint,
    consent.api.history.blueprint,
    consent.api.notices.blueprint,
    consent.api.evidence.blueprint,
    consent.api.due.blueprint,
    consent.api.receipts.blueprint,
    sharing.api.agreements.blueprint,
    sharing.api.register.blueprint,
    sharing.api.signatures.blueprint,
    sharing.api.replaying.blueprint,
    sharing.api.records.blueprint,
    sharing.api.disclosures.blueprint,
    sharing.api.previewing.blueprint,
    sharing.api.events.blueprint,
    sharing.api.not_shared.blueprint,
    sharing.api.notices.blueprint,
    sharing.api.escalations.blueprint,
    sharing.api.webhooks.blueprint,
    sharing.api.log.blueprint,
    sharing.api.views.blueprint,
    sharing.api.received.blueprint,
    sharing.api.reports.blueprint,
    sharing.api.exporting.blueprint,
    sharing.api.reviewing.blueprint,
    sharing.api.review_settings.blueprint,
    sharing.api.tables.blueprint,
    sharing.api.seeing.blueprint,
    sharing.api.timeline.blueprint,
    sharing.api.erasing.blueprint,
    sharing.api.holds.blueprint,
    sharing.api.packs.blueprint,
    sharing.api.rectifying.blueprint,
    sharing.api.retention.blueprint,
    sharing.api.tlog.blueprint,
    app.oauth.api.blueprint,
)
"""What programs call, in the order of the description."""
PAGES: Final = (
    directory.pages.confirming.blueprint,
    directory.pages.offers.blueprint,
    directory.pages.calling.blueprint,
    directory.pages.searching.blueprint,
    directory.pages.services.blueprint,
    directory.pages.shortlist.blueprint,
    directory.pages.suggesting.blueprint,
    directory.pages.managing.blueprint,
    directory.pages.managing_records.blueprint,
    directory.pages.managing_versions.blueprint,
    directory.pages.managing_drafts.blueprint,
    directory.pages.managing_reports.blueprint,
    directory.pages.managing_duplicates.blueprint,
    directory.pages.managing_areas.blueprint,
    directory.pages.managing_contacts.blueprint,
    sharing.pages.home.blueprint,
    sharing.pages.previewing.blueprint,
    sharing.pages.replaying.blueprint,
    sharing.pages.signing.blueprint,
    sharing.pages.rights.blueprint,
    sharing.pages.holds.blueprint,
    sharing.pages.reviewing.blueprint,
    sharing.pages.review_rules.blueprint,
    sharing.pages.exporting.blueprint,
    sharing.pages.log_search.blueprint,
    sharing.pages.reports.blueprint,
)
"""What people open."""
