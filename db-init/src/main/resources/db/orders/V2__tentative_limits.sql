-- The mode lra: a limit that is written down here before anybody knows whether it stays.

-- In the account itself, because orders are decided in one statement under the account's lock: after it has waited
-- for that lock, PostgreSQL looks again at this row, and at no other.
alter table credit_account
  add column tentative_limit  numeric(19, 2) check (tentative_limit >= 0),
  add column tentative_change uuid,                                      -- the change that waits for its end
  add constraint credit_account_tentative_check
    check ((tentative_limit is null) = (tentative_change is null));

-- What an order was decided on is the lower one of credit_limit and this.
alter table orders
  add column pending_limit numeric(19, 2);                               -- the tentative limit that stood then; null if none

alter table limit_change
  drop constraint limit_change_state_check,
  add constraint limit_change_state_check check (state in ('pending', 'applied', 'refused')),
  add column action          text,                                       -- the long running action (its uid) that carries the change
  add column pending_since   timestamptz,                                -- kept when the change has its end; null in other modes
  add column placed_sequence bigint,                                     -- of the credit account, when the tentative limit was placed;
                                                                         -- sequence is the one of its end, whichever that was
  add constraint limit_change_pending_check
    check (state <> 'pending' or (action is not null and pending_since is not null
                                  and customer_id is not null and kind is not null and mode is not null
                                  and credit_limit is not null and version is not null));
-- Work that comes after its action's end dies here: a tombstone of an action whose change was never seen
-- has a change id of its own.
create unique index limit_change_of_action on limit_change (action) where action is not null;

create table anomaly (
  anomaly_number bigint generated always as identity primary key,
  change_id      uuid not null,
  mode           text not null,
  what           text not null,
  at             timestamptz not null default clock_timestamp(),
  unique (change_id, what)
);

grant select, insert on anomaly to order_service;
