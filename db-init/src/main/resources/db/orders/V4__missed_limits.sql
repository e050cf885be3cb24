-- The mode event: the newest limit of a customer whose message could not be taken and lies in the dead letters. While
-- the account has an older version, the copy is out of date for that customer, however young its lane is.
create table missed_limit (
  customer_id uuid primary key,
  version     bigint not null,
  missed_at   timestamptz not null default clock_timestamp()
);

grant select, insert, update on missed_limit to order_service;
