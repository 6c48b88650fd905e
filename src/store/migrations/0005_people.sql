-- Who works with Readback, what they may see, and how they are known.

-- A person with an account. Removed never, because decisions name them; disabled instead.
CREATE TABLE users (
    id          {{text}} PRIMARY KEY,      -- UUIDv7
    login       {{text}} NOT NULL UNIQUE,  -- the name to sign in with, most often a mail address; in lower case
    name        {{text}} NOT NULL,         -- as others read it
    role        {{text}} NOT NULL,         -- 'admin', 'ae', 'csm', 'manager', 'cs_manager'
    password    {{text}},                  -- argon2id, in PHC form; empty for who signs in elsewhere
    issuer      {{text}},                  -- the OpenID provider that vouches for them
    subject     {{text}},                  -- who they are there; a mail address may change hands, this does not
    created_at  {{text}} NOT NULL,
    disabled_at {{text}},
    UNIQUE (issuer, subject)
);

-- Who works in which team. A team is its name; who is in it as a manager leads it.
CREATE TABLE team_members (
    team    {{text}} NOT NULL,
    user_id {{text}} NOT NULL REFERENCES users (id),
    PRIMARY KEY (team, user_id)
);
CREATE INDEX team_members_by_user ON team_members (user_id, team);

-- A restricted deal does not exist but for its members, those who lead a team of theirs, and administrators.
ALTER TABLE deals ADD COLUMN restricted BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deals_restricted ON deals (id) WHERE restricted = 1;

-- Who works on a deal.
CREATE TABLE deal_members (
    deal_id {{text}} NOT NULL REFERENCES deals (id),
    user_id {{text}} NOT NULL REFERENCES users (id),
    PRIMARY KEY (deal_id, user_id)
);
CREATE INDEX deal_members_by_user ON deal_members (user_id, deal_id);

-- A browser in which somebody has signed in. The secret stands in its cookie alone.
CREATE TABLE sessions (
    digest     {{text}} PRIMARY KEY,       -- SHA-256 of the secret
    user_id    {{text}} NOT NULL REFERENCES users (id),
    created_at {{text}} NOT NULL,
    seen_at    {{text}} NOT NULL,          -- to the minute or so: what idle time is counted from
    ends_at    {{text}} NOT NULL           -- whatever happens until then
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- A sign-in that is under way at an OpenID provider: what the answer must match. Taken once.
CREATE TABLE sign_ins (
    state      {{text}} PRIMARY KEY,       -- SHA-256 of the state, which the browser's cookie and the answer must both bear
    nonce      {{text}} NOT NULL,          -- what the provider's token must hold
    verifier   {{text}} NOT NULL,          -- PKCE: proves to the provider that we are who asked
    next       {{text}} NOT NULL,          -- where the browser goes afterwards: a path of ours
    started_at {{text}} NOT NULL
);

-- A token may be that of a person, whose role then counts; it may be narrowed, and may end by itself.
ALTER TABLE tokens ADD COLUMN user_id {{text}} REFERENCES users (id);
ALTER TABLE tokens ADD COLUMN scopes {{text}} NOT NULL DEFAULT '';  -- acts with a space between; none for all that the role may
ALTER TABLE tokens ADD COLUMN expires_at {{text}};
