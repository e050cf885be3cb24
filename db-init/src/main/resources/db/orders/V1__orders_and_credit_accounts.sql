-- order-service's own tables: it owns the orders, and keeps a copy of each customer's credit limit.

-- The copy of the limit, and the lock under which every order of the customer is decided.
create table credit_account (
  customer_id   uuid primary key,
  credit_limit  numeric(19, 2) not null check (credit_limit >= 0),
  limit_version bigint not null check (limit_version >= 1),
  limit_as_of   timestamptz not null default clock_timestamp(),         -- when this copy took the version
  exposure      numeric(19, 2) not null default 0 check (exposure >= 0), -- sum of the totals of the open orders
  sequence      bigint not null default 0                               -- admissions, cancels and limits applied
);

create table orders (
  order_id           uuid primary key,
  order_number       bigint generated always as identity unique,        -- order of placing, for paging
  customer_id        uuid not null,
  total              numeric(19, 2) not null check (total > 0),
  state              text not null check (state in ('APPROVED', 'REJECTED', 'CANCELLED')),
  rejection_reason   text check (rejection_reason in ('INSUFFICIENT_CREDIT', 'UNKNOWN_CUSTOMER')),
  -- why the order is as it is: the credit account as it stood when the order was decided
  decided_sequence   bigint,
  limit_version      bigint,
  credit_limit       numeric(19, 2),
  limit_as_of        timestamptz,
  exposure_before    numeric(19, 2),
  limit_source       text check (limit_source in ('replica', 'rpc')),
  placed_at          timestamptz not null default clock_timestamp(),
  cancelled_at       timestamptz,
  cancelled_sequence bigint,
  idempotency_key    text unique check (length(idempotency_key) between 1 and 200),
  fingerprint        text,                                              -- of the request that the key stood for
  check ((state = 'REJECTED') = (rejection_reason is not null)),
  check ((state = 'CANCELLED') = (cancelled_at is not null))
);
create index orders_of_customer on orders (customer_id, order_number);

-- The change row: see the table of the same name in the customer database.
create table limit_change (
  change_id     uuid primary key,
  change_number bigint generated always as identity unique,
  customer_id   uuid,
  kind          text check (kind in ('create', 'change')),
  mode          text,
  state         text not null check (state in ('applied', 'refused')),
  reason        text,
  detail        text,
  credit_limit  numeric(19, 2),
  version       bigint,
  sequence      bigint,                                                 -- of the credit account, when the limit was applied
  requested_at  timestamptz,
  recorded_at   timestamptz not null default clock_timestamp(),
  check (state = 'refused' or (customer_id is not null and kind is not null and mode is not null
                               and credit_limit is not null and version is not null))
);
create index limit_change_of_customer on limit_change (customer_id, change_number);

grant select, insert, update on credit_account to order_service;
grant select, insert, update on orders to order_service;
grant select, insert, update on limit_change to order_service;
