-- The mode event: how old the copy is, and what an order was decided on when that was asked.

-- Up to when the copy has everything that its owner committed, lane by lane: by the clock of the customer database.
create table copy_lane (
  lane  int primary key check (lane >= 0),
  as_of timestamptz not null
) with (fillfactor = 50);                                                -- rewritten twice a second, in its page

grant select, insert, update on copy_lane to order_service;

alter table orders
  add column copy_as_of timestamptz,                                     -- as_of of the customer's lane then; null if it had none
  drop constraint orders_rejection_reason_check,
  add constraint orders_rejection_reason_check
    check (rejection_reason in ('INSUFFICIENT_CREDIT', 'UNKNOWN_CUSTOMER', 'LIMIT_TOO_OLD'));

-- A change may be pending for a customer of whom the copy has no account: an earlier one is still on its way. The
-- account that comes with that earlier one must carry the pending limit, or orders would be decided without it.
-- Neither side can see what the other has not committed, so whoever finds no account takes this lock before he looks
-- again. It is held to the end of the transaction, also of a prepared one.
create function lock_first_account(customer uuid) returns void
language sql volatile as
$$ select pg_advisory_xact_lock(hashtextextended(customer::text, 0)) $$;

-- The pending limit that the first account of a customer has to carry, if there is one; to be called by the statement
-- that makes the account. plpgsql, so that each look sees what is committed by then, not what was when the calling
-- statement began. The change row is locked before the account is made: the order in which an action's end takes them.
create function tentative_of_first_account(customer uuid) returns table (change uuid, amount numeric)
language plpgsql volatile as
$$
begin
  if exists (select from credit_account a where a.customer_id = customer) then
    return;
  end if;
  perform lock_first_account(customer);
  if exists (select from credit_account a where a.customer_id = customer) then
    return;
  end if;
  return query
    update limit_change l set placed_sequence = 2                        -- 1 is the limit in force
     where l.customer_id = customer and l.state = 'pending'
    returning l.change_id, l.credit_limit;
end
$$;

grant execute on function lock_first_account(uuid) to order_service;
grant execute on function tentative_of_first_account(uuid) to order_service;
