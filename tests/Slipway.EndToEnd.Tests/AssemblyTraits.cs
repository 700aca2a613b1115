[assembly: Trait("Needs", "Server")]
