"""What takes messages out of the house: a mail server, a gateway for SMS, or a folder while neither is set up."""
