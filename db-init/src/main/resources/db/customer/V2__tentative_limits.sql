-- The mode lra: a limit that is written down here before anybody knows whether it stays.

-- Whose change the limit waits for. While it is set, every other change of this limit is refused, in every mode:
-- in the row itself, so that a statement that has waited for the row's lock sees it too.
alter table customer add column open_change uuid;

alter table limit_change
  drop constraint limit_change_state_check,
  add constraint limit_change_state_check check (state in ('pending', 'applied', 'refused')),
  add column action        text,                                        -- the long running action (its uid) that carries the change
  add column name          text check (length(name) between 1 and 200), -- of a customer who comes into being when the change is completed
  add column decision      text check (decision in ('close', 'cancel')), -- of customer-service, before it tells the coordinator
  add column pending_since timestamptz,                                  -- kept when the change has its end; null in other modes
  add constraint limit_change_pending_check
    check (state <> 'pending' or (action is not null and pending_since is not null
                                  and customer_id is not null and kind is not null and mode is not null
                                  and credit_limit is not null and version is not null));
create unique index limit_change_of_action on limit_change (action) where action is not null;
-- The pending row is the note by which the sweeper finds what nobody ends; there are few at a time.
create index limit_change_pending on limit_change (pending_since) where state = 'pending';

-- Contradictions between the two sides, and promises that were broken: somebody must look.
create table anomaly (
  anomaly_number bigint generated always as identity primary key,
  change_id      uuid not null,
  mode           text not null,
  what           text not null,
  at             timestamptz not null default clock_timestamp(),
  unique (change_id, what)                                              -- one that is met again is not written again
);

grant select, insert on anomaly to customer_service;
