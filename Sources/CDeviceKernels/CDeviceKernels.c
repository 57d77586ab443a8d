#include "CDeviceKernels.h"
