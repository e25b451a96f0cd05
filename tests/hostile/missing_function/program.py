del double
