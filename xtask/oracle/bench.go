package main

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// bench renders the case again and again for a while and answers with the microseconds of the fastest render: chart and
// values are there, the templates are parsed and executed each time.
func bench(q question) ([]section, error) {
	execute, err := prepare(q)
	if err != nil {
		return nil, err
	}
	best := time.Duration(0)
	for start := time.Now(); time.Since(start) < 1500*time.Millisecond; {
		before := time.Now()
		if _, err := execute(); err != nil {
			return nil, err
		}
		if took := time.Since(before); best == 0 || took < best {
			best = took
		}
	}
	return []section{{Kind: "micros", Text: strconv.FormatFloat(best.Seconds()*1e6, 'f', 1, 64)}}, nil
}

// keys renders the case as often as its section `times` says and answers with the microseconds of processor time
// of each render: how long the search for a key takes is chance, and other programs should not lengthen it.
func keys(q question) ([]section, error) {
	execute, err := prepare(q)
	if err != nil {
		return nil, err
	}
	times, err := strconv.Atoi(strings.TrimSpace(q.text("times")))
	if err != nil {
		return nil, err
	}
	var took []string
	for range times {
		before := processorTime()
		if _, err := execute(); err != nil {
			return nil, err
		}
		took = append(took, fmt.Sprintf("%.1f", float64((processorTime()-before).Nanoseconds())/1e3))
	}
	return []section{{Kind: "micros", Text: strings.Join(took, " ")}}, nil
}

// processorTime is what the program has used of it, the garbage collector's included.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
