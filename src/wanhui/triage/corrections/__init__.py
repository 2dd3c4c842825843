"""What people corrected and confirmed: counted, given to the training, and learnt from store by store."""
