#ifndef FERRY_CDRIVERS_H
#define FERRY_CDRIVERS_H

#include "cublaslt.h"
#include "cuda.h"
#include "opencl.h"

#endif
