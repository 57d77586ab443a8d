// Who imports Ferry speaks of devices and element types; one import is enough for both.
@_exported public import FerryDevices
@_exported public import FerryFormats
@_exported public import FerryImages
@_exported public import FerryResidency
