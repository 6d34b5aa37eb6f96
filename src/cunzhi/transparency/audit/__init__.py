"""cunzhi-audit: a log looked through from outside, with nothing but its files and whom one trusts."""
