// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a parameter or values.

// expected-error@below {{[rom C1] expected a parameter or values}}
xplat.rom @r permutation [0] tile [1] element_bits 8 word_bits 8 depth 4

// -----

xplat.param @p : tensor<4x!quant.uniform<i8:f32, 0.5>>
// expected-error@below {{[rom C1] expected a parameter or values, not both}}
xplat.rom @r of @p values [1, 2, 3, 4] permutation [0] tile [1] element_bits 8 word_bits 8 depth 4

// -----

// expected-error@below {{[rom C1] expected @p to name an 'xplat.param'}}
xplat.rom @r of @p permutation [0] tile [1] element_bits 8 word_bits 8 depth 4

// -----

// C2: permutation and tile.

xplat.param @p : tensor<4x2x!quant.uniform<i8:f32, 0.5>>
// expected-error@below {{[rom C2] expected a permutation of 2 dimensions and a tile for each}}
xplat.rom @r of @p permutation [0, 0] tile [1, 1] element_bits 8 word_bits 8 depth 8

// -----

xplat.param @p : tensor<4x2x!quant.uniform<i8:f32, 0.5>>
// expected-error@below {{[rom C2] expected a permutation of 2 dimensions and a tile for each}}
xplat.rom @r of @p permutation [0, 2] tile [1, 1] element_bits 8 word_bits 8 depth 8

// -----

xplat.param @p : tensor<4x2x!quant.uniform<i8:f32, 0.5>>
// expected-error@below {{[rom C2] expected a permutation of 2 dimensions and a tile for each}}
xplat.rom @r of @p permutation [1, 0] tile [1] element_bits 8 word_bits 8 depth 8

// -----

xplat.param @p : tensor<4x2x!quant.uniform<i8:f32, 0.5>>
// expected-error@below {{[rom C2] expected a tile that divides extent 2 but got 4}}
xplat.rom @r of @p permutation [1, 0] tile [4, 1] element_bits 8 word_bits 32 depth 2

// -----

xplat.param @p : tensor<4x2x!quant.uniform<i8:f32, 0.5>>
// expected-error@below {{[rom C2] expected a tile that divides extent 4 but got 0}}
xplat.rom @r of @p permutation [0, 1] tile [0, 1] element_bits 8 word_bits 8 depth 8

// -----

// C3: bits and words.

xplat.param @p : tensor<4x2x!quant.uniform<i8:f32, 0.5>>
// expected-error@below {{[rom C3] expected 8 bits an element, 16 bits a word and 4 words}}
xplat.rom @r of @p permutation [0, 1] tile [2, 1] element_bits 8 word_bits 16 depth 8

// -----

xplat.param @p : tensor<4x2x!quant.uniform<i8:f32, 0.5>>
// expected-error@below {{[rom C3] expected 8 bits an element}}
xplat.rom @r of @p permutation [0, 1] tile [2, 1] element_bits 4 word_bits 8 depth 4

// -----

// expected-error@below {{[rom C3] expected between 1 and 64 bits an element but got 0}}
xplat.rom @r values [1, 2] permutation [0] tile [1] element_bits 0 word_bits 0 depth 2

// -----

// C4: a name that a file can have everywhere.

// expected-error@below {{[rom C4] expected an identifier of at most 200 characters as symbol, because it names the memory's file}}
xplat.rom @"../r" values [1, 2] permutation [0] tile [1] element_bits 8 word_bits 8 depth 2
