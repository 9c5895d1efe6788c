//===- Pipelines.cpp - Named pipelines of xplat ---------------------------===//

#include "Transforms/Pipelines/Pipelines.h"

void xplat::registerPipelines() {}
