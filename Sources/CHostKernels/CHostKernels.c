#include "CHostKernels.h"
