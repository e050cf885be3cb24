-- The mode event: what customer-service has committed and the broker has not acknowledged yet.

-- Written in the transaction of the limit, under the customer's row lock: so one customer's rows have the order of their
-- versions, and whoever sees a row sees that customer's earlier ones too, or they are published. Numbers of different
-- customers may become visible in another order. A published row is deleted: the history is limit_change.
create table outbox (
  outbox_number bigint generated always as identity primary key,
  change_id     uuid not null,
  customer_id   uuid not null,
  kind          text not null check (kind in ('create', 'change')),
  credit_limit  numeric(19, 2) not null,
  version       bigint not null,
  requested_at  timestamptz not null,
  committed_at  timestamptz not null default clock_timestamp(),          -- a moment before the commit
  traceparent   text                                                     -- of the request, as W3C Trace Context has it
)
-- Rows live for milliseconds: without this, a reader would pass the remains of millions before the first living one.
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
      autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000);

grant select, insert, delete on outbox to customer_service;
