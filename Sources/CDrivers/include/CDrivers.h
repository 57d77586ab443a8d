#ifndef FERRY_CDRIVERS_H
#define FERRY_CDRIVERS_H
#endif
