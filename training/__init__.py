"""How the reader of `training/reader` is trained and measured. Not needed to run Parley."""
