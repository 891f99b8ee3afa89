"""Steps of the state machine."""
