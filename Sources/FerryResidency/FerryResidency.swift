// FerryResidency
