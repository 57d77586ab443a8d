#ifndef FERRY_CDRIVERS_H
#define FERRY_CDRIVERS_H

#include "opencl.h"

#endif
