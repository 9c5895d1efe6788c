//===- Pipelines.h - Named pipelines of xplat -------------------*- C++ -*-===//
#ifndef XPLAT_TRANSFORMS_PIPELINES_PIPELINES_H
#define XPLAT_TRANSFORMS_PIPELINES_PIPELINES_H

namespace xplat {

/// Registers every named pipeline.
void registerPipelines();

} // namespace xplat

#endif // XPLAT_TRANSFORMS_PIPELINES_PIPELINES_H
