-- customer-service's own tables: it owns the customers and their credit limits.

create table customer (
  customer_id     uuid primary key,
  customer_number bigint generated always as identity unique,          -- order of creation, for paging
  name            text not null check (length(name) between 1 and 200),
  credit_limit    numeric(19, 2) not null check (credit_limit >= 0),
  version         bigint not null check (version >= 1),                -- counted up by customer-service alone
  created_at      timestamptz not null default now(),
  changed_at      timestamptz not null default now()
);

-- The change row: written first, in the same branch as the work. Where it is 'applied', the change took place;
-- where it is 'refused' it never will (a tombstone: late work dies on the primary key).
create table limit_change (
  change_id      uuid primary key,
  change_number  bigint generated always as identity unique,           -- order of recording, for paging
  customer_id    uuid,                                                  -- null in a tombstone of a change this side never saw
  kind           text check (kind in ('create', 'change')),
  mode           text,
  state          text not null check (state in ('applied', 'refused')),
  reason         text,                                                  -- code of the refusal
  detail         text,                                                  -- the refusal in words
  credit_limit   numeric(19, 2),
  version        bigint,
  requested_at   timestamptz,
  recorded_at    timestamptz not null default clock_timestamp(),
  check (state = 'refused' or (customer_id is not null and kind is not null and mode is not null
                               and credit_limit is not null and version is not null))
);
create index limit_change_of_customer on limit_change (customer_id, change_number);

-- Changes whose outcome somebody was promised (202, or an idempotency key) and which no change row answers yet.
create table open_change (
  change_id      uuid primary key,
  customer_id    uuid not null,
  kind           text not null check (kind in ('create', 'change')),
  mode           text not null,
  credit_limit   numeric(19, 2) not null,
  opened_at      timestamptz not null default clock_timestamp()
);
create index open_change_of_customer on open_change (customer_id);

create table idempotency_key (
  idempotency_key text primary key check (length(idempotency_key) between 1 and 200),
  fingerprint     text not null,                                        -- of method, path and body
  change_id       uuid not null unique,                                 -- of the latest attempt: a retryable refusal is tried anew
  customer_id     uuid not null,
  created_at      timestamptz not null default clock_timestamp()
);

grant select, insert, update on customer to customer_service;
grant select, insert, update on limit_change to customer_service;
grant select, insert, update, delete on open_change to customer_service;
grant select, insert, update on idempotency_key to customer_service;
