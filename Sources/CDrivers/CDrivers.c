#include "CDrivers.h"
