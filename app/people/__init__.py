"""People's sign-in: accounts, second factor, sessions, and limits on wrong tries.

An account names one person of one agency and the role in which they use the pages. Passwords are
kept as argon2id hashes, second factors sealed, sessions as digests of what the browser holds, so
that whoever reads the database can sign in as nobody. Browsers that never signed in get no row.
"""
