"""What is on file about the words of a search, for its viewer."""

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.prepared import Prepared
from directory.rules.listing import viewers_of
from directory.rules.reading import reading_of
from directory.rules.spelling import SHORTEST
from directory.rules.words import MOST_WORDS, words_of
from directory.terms.reading import NearWord, Phrase, Reading, TypedWord
from directory.terms.records import Viewer

# They hold for this transaction. A plan that is made for any words is bad for each; without words
# and with a place, one is as good as another, and to make it takes as long as to run it. Where
# many match, the first are looked at: these must be the same on every page, so that no scan may
# begin where another has come to, nor be shared out. The nearest words come by index, and are
# looked for only where they are needed.
_SETTINGS: Final = """concat(
  set_config('plan_cache_mode', cast(:plan as text), true),
  set_config('synchronize_seqscans', 'off', true),
  set_config('max_parallel_workers_per_gather', '0', true),
  set_config('jit', 'off', true)
) settings"""
_SET: Final = Prepared(text(f"select {_SETTINGS}"))
_WORDS: Final = f"""
with typed as materialized (
  select number, word, plainto_tsquery('english', word) own
  from unnest(cast(:words as text[])) with ordinality one (word, number)
), applies as materialized (
  select group_id, target from synonym
  where plainto_tsquery('english', array_to_string(cast(:words as text[]), ' ')) @> target
), about as materialized (
  select number, word, own, exists (
      select from listing_word
      where viewer = any(:viewers) and lexeme = any(ts_lexize('english_stem', typed.word))
    ) known, (
      select json_agg(json_build_array(phrase, phraseto_tsquery('english', phrase)::text)
        order by phrase)
      from synonym
      where group_id in (select group_id from applies where applies.target @> typed.own)
        and numnode(own) > 0
    ) synonyms
  from typed
)
select {_SETTINGS}, (
    select json_agg(json_build_array(word, own::text, known, synonyms,
      case when not known and synonyms is null and numnode(own) > 0 and length(word) >= :shortest
        then (
          select json_agg(json_build_array(near.word, near.own::text, near.services, (
            select json_agg(json_build_array(phrase, phraseto_tsquery('english', phrase)::text)
              order by phrase)
            from synonym
            where group_id in (select group_id from synonym where target = near.own)
          )))
          from (
            select word, plainto_tsquery('english', word) own, services from listing_word
            where viewer = any(:viewers) and word !~ '[0-9]'
            order by listing_word.word <-> about.word limit :nearest
          ) near
        )
      end) order by number)
    from about
  ) words
"""  # noqa: S608  (settings of ours)
_READ: Final = Prepared(text(_WORDS))
NEAREST: Final = 40
"""Of so many words, the nearest by their groups of three letters, slips are counted."""


def read_words(session: Session, words: str, viewer: Viewer, *, near: bool) -> Reading:
    """Return how the words of a search are read; and make its transaction plan as searches must.

    `near` says whether it asks for the neighbourhood of a place.
    """
    if not words:
        _SET.run(session, {"plan": "force_generic_plan" if near else "force_custom_plan"})
        return reading_of(())
    asked = {
        "words": list(words_of(words)[:MOST_WORDS]),
        "viewers": list(viewers_of(viewer)),
        "shortest": SHORTEST,
        "nearest": NEAREST,
        "plan": "force_custom_plan",
    }
    found: list[list[Any]] = _READ.one(session, asked).words or []
    return reading_of(
        TypedWord(
            word,
            query,
            known,
            _phrases(synonyms),
            tuple(map(_near, near or ())),
        )
        for word, query, known, synonyms, near in found
    )


def _near(found: list[Any]) -> NearWord:
    word, query, services, synonyms = found
    return NearWord(word, query, services, _phrases(synonyms))


def _phrases(found: list[list[str]] | None) -> tuple[Phrase, ...]:
    return tuple(Phrase(*one) for one in found or ())
