// FerryDeviceTesting
