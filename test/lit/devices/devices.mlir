// Every device file parses and verifies; systems of each can be built beside it.
// RUN: xplat-opt %devices/z7020.mlir | FileCheck %s --check-prefix=Z7020
// RUN: xplat-opt %devices/zu9eg.mlir | FileCheck %s --check-prefix=ZU9EG
// RUN: xplat-opt %devices/u250.mlir | FileCheck %s --check-prefix=U250
// RUN: xplat-opt %devices/u280.mlir | FileCheck %s --check-prefix=U280
// RUN: xplat-opt %devices/ulx3s.mlir | FileCheck %s --check-prefix=ULX3S
// RUN: xplat-opt %devices/families/series7.mlir | FileCheck %s --check-prefix=SERIES7
// RUN: xplat-opt %devices/families/ultrascale_plus.mlir | FileCheck %s --check-prefix=PLUS
// RUN: xplat-opt %devices/families/ecp5.mlir | FileCheck %s --check-prefix=ECP5

// Z7020: xplat.device @z7020 fpga part "xc7z020clg484-1" family @series7 clock_mhz 1.000000e+02 promised "{{.*}}" estimated 1.100000e+02 "{{.*}}" resources <lut = 53200, ff = 106400, dsp = 220, bram36 = 140> source "AMD DS190
// Z7020: xplat.memory @ddr capacity_mib 512
// Z7020: xplat.port @link count 2

// ZU9EG: resources <lut = 274080, ff = 548160, dsp = 2520, bram36 = 912> source "AMD DS891
// ZU9EG: xplat.memory
// ZU9EG: xplat.port

// U250: resources <lut = 1728000, ff = 3456000, dsp = 12288, bram36 = 2688, uram = 1280> source "AMD DS962
// U250: xplat.memory
// U250: xplat.port

// U280: resources <lut = 1303680, ff = 2607360, dsp = 9024, bram36 = 2016, uram = 960> source "AMD DS963
// U280: xplat.memory @hbm
// U280: xplat.memory @ddr
// U280: xplat.port

// ULX3S: family @ecp5 clock_mhz 5.000000e+01 promised "{{.*}}" estimated 1.130000e+02 "{{.*}}" resources <lut = 83640, ff = 83640, mult18 = 156, ebr = 208> source "Lattice
// ULX3S: xplat.memory @sdram
// ULX3S: xplat.port @link

// SERIES7: xplat.family @series7 source "Yosys
// SERIES7: resource bram36 (bram18 ceildiv 2)

// PLUS: xplat.family @ultrascale_plus source "Yosys
// PLUS: resource bram36 (bram18 ceildiv 2)

// ECP5: xplat.family @ecp5 source "Yosys
// ECP5: resource ebr (ebr)
