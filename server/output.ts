import { captureOutput } from "@/lib/log/printed";

// A program of its own, which others import before anything else: bundled into them, it would come after every
// package they use.
captureOutput();
