"""The whole bot, driven as people drive it: a loopback chat on one side, a loopback provider on the other."""
