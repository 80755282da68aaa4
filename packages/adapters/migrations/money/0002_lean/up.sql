-- A payment is updated twice soon after it was made: the first time on its own page.
alter table money.payments set (fillfactor = 45);
