// FerryModels
