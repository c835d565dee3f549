"""Pages for people: what the service is, how programs call it, and what a problem means.

They are plain HTML that needs no script, drawn from templates in `app/templates`; what they list
(routes, problems, refusals) is asked of the application, so that no page can fall behind it.
"""
