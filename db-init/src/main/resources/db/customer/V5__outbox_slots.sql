-- A lane whose queue is full must not hold up the others: its rows are passed over, however many they are.

-- A share of the customers that goes through one lane as a whole, however many lanes there are (up to 64): lane = slot
-- modulo lanes. The services compute the same of the id: it must not change.
alter table outbox
  add column slot smallint not null generated always as (
    (get_byte(uuid_send(customer_id), 3) # get_byte(uuid_send(customer_id), 7)
     # get_byte(uuid_send(customer_id), 11) # get_byte(uuid_send(customer_id), 15)) & 63) stored;

-- The first rows of the lanes that are not full are found by it without a look at those of the full ones.
create index outbox_by_slot on outbox (slot, outbox_number);
