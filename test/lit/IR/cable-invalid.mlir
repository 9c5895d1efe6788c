// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: two different instances of the system.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  // expected-error@below {{[cable C1] expected two different instances but got @a twice}}
  xplat.cable @c @a port @link to @a port @link
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  // expected-error@below {{[cable C1] expected @b to name an instance of this system}}
  xplat.cable @c @a port @link to @b port @link
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @c0 @a port @link to @b port @link
  // expected-error@below {{[cable C1] expected @c0 to name an instance of this system}}
  xplat.cable @c1 @c port @link to @c0 port @link
}

// -----

// C2: the ports exist.

// expected-note@below {{device declared here}}
xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  xplat.instance @b of @board
  // expected-error@below {{[cable C2] @board has no port @qsfp}}
  xplat.cable @c @a port @link to @b port @qsfp
}

// -----

// C3: no more cables than ports.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  // expected-error@below {{[cable C3] @a has 1 of port @link but 2 cables use it}}
  xplat.cable @ab @a port @link to @b port @link
  xplat.cable @ca @c port @link to @a port @link
}

// -----

// C1: a switch is a target.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  xplat.switch @net latency_ns 300.0 source "s"
  // expected-error@below {{[cable C1] expected @net to name an instance of this system}}
  xplat.cable @c @net port @link to @a port @link
}

// -----

// C2: a port at an instance, none at a switch.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  xplat.switch @net latency_ns 300.0 source "s"
  // expected-error@below {{[cable C2] expected no port at switch @net but got @link}}
  xplat.cable @c @a port @link to @net port @link
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  xplat.instance @b of @board
  // expected-error@below {{[cable C2] expected a port of @b, which is not a switch}}
  xplat.cable @c @a port @link to @b
}

// -----

// C3: a port at a switch counts, too.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.switch @net latency_ns 300.0 source "s"
  // expected-error@below {{[cable C3] @a has 1 of port @link but 2 cables use it}}
  xplat.cable @c @a port @link to @net
  xplat.cable @d @b port @link to @a port @link
}
