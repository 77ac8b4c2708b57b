"""Where quotes come from; one file a provider, each giving the types of `xlalvh.market.quotes`."""
