"""Who may draw what, where, how much and for how much money: decided here, kept in storage, asked by the core."""
