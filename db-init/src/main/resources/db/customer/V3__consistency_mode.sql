-- The mode in force: decided here and nowhere else, for all instances of customer-service.

create table consistency_mode (
  only_row boolean primary key default true check (only_row),            -- there is one mode at a time
  mode     text not null check (length(mode) between 1 and 50),
  since    timestamptz not null default clock_timestamp(),
  actor    text not null check (length(actor) between 1 and 100)
);

-- Who changed it, and when. Never changed, never deleted.
create table mode_change (
  mode_change_number bigint generated always as identity primary key,
  from_mode          text,                                               -- null at the first start
  to_mode            text not null,
  actor              text not null,
  at                 timestamptz not null default clock_timestamp()
);

-- Every change of a limit shares this lock, up to the end of its first local transaction; a change of the mode has it
-- alone. A prepared transaction keeps it. The number means nothing ("TDM" and 1); no other advisory lock may use it.
create function consistency_mode_lock() returns bigint
  language sql immutable parallel safe
  return 1413762305;

-- Locks first, then reads: each statement in here has a snapshot of its own, the one that calls it has an older one.
-- The mode that is confirmed stays in force up to the end of the caller's transaction.
create function confirm_mode(wanted text) returns boolean
  language plpgsql volatile
as $$
declare
  in_force text;
begin
  perform pg_advisory_xact_lock_shared(consistency_mode_lock());
  select mode into in_force from consistency_mode;
  if in_force is distinct from wanted then
    raise exception 'the mode in force is %, not %', coalesce(in_force, 'none yet'), wanted using errcode = 'TDM01';
  end if;
  return true;
end
$$;

grant select, insert, update on consistency_mode to customer_service;
grant select, insert on mode_change to customer_service;
