// The service that cluster tests break: it answers with its version, does on request what real
// services do when they are ill, and counts. `service pause` holds a pod's namespaces.
//
//	/                      the version, after what /behave and the environment say
//	/slow?ms=500           answers late              /hang           never answers
//	/fail?status=503       answers so                /exit?code=1    ends the process
//	/allocate?mb=64        holds so much memory more /free           lets go of it
//	/files/NAME            PUT, GET, DELETE: a file of the folder DATA (default /data)
//	/count                 what was asked so far     /env?name=X     a variable of the environment
//	/behave?fail=0.1&ms=5&ready=false   from now on, for / and /readyz
//	/healthz /readyz       for probes
//
// Environment: VERSION, PORT (8080), FAIL (a share), SLOW_MS, START_MS (before it listens), LINGER_MS
// (serves on after SIGTERM, 1000), EXIT_MS (ends by itself, code 1), DATA.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "pause" {
		pause()
	}
	serve()
}

// The first process of a pod's namespace: reaps orphans, ends when told to.
func pause() {
	told := make(chan os.Signal, 16)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT, syscall.SIGCHLD)
	for got := range told {
		if got != syscall.SIGCHLD {
			os.Exit(0)
		}
		for {
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
				break
			}
		}
	}
}

type behaviour struct {
	Fail  float64 `json:"fail"`
	Ms    int     `json:"ms"`
	Ready bool    `json:"ready"`
}

type service struct {
	sync.Mutex
	version  string
	host     string
	data     string
	now      behaviour
	held     [][]byte
	requests map[string]int
	failed   int
	since    time.Time
}

func text(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func number(value string, otherwise float64) float64 {
	if got, err := strconv.ParseFloat(value, 64); err == nil {
		return got
	}
	return otherwise
}

func millis(value string, otherwise float64) time.Duration {
	return time.Duration(number(value, otherwise) * float64(time.Millisecond))
}

func serve() {
	host, _ := os.Hostname()
	s := &service{
		version: text("VERSION", "none"), host: host, data: text("DATA", "/data"), requests: map[string]int{}, since: time.Now(),
		now: behaviour{Fail: number(os.Getenv("FAIL"), 0), Ms: int(number(os.Getenv("SLOW_MS"), 0)), Ready: true},
	}
	time.Sleep(millis(os.Getenv("START_MS"), 0))
	listener, err := net.Listen("tcp", ":"+text("PORT", "8080"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if after := millis(os.Getenv("EXIT_MS"), 0); after > 0 {
		time.AfterFunc(after, func() { os.Exit(1) })
	}
	server := &http.Server{Handler: s.routes(), ReadHeaderTimeout: time.Minute}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT)
	ended := make(chan struct{})
	go func() {
		<-told
		// Who routes to this pod hears late that it is going.
		time.Sleep(millis(os.Getenv("LINGER_MS"), 1000))
		limit, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		server.Shutdown(limit)
		close(ended)
	}()
	fmt.Printf("%s serves as %s\n", s.version, host)
	if err := server.Serve(listener); err != http.ErrServerClosed {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	<-ended
}

func (s *service) routes() http.Handler {
	mux := http.NewServeMux()
	on := func(path string, answer func(http.ResponseWriter, *http.Request)) {
		mux.HandleFunc(path, func(out http.ResponseWriter, in *http.Request) {
			s.Lock()
			s.requests[path]++
			s.Unlock()
			out.Header().Set("x-version", s.version)
			out.Header().Set("x-pod", s.host)
			answer(out, in)
		})
	}
	on("/", s.front)
	on("/slow", func(out http.ResponseWriter, in *http.Request) {
		wait(in, millis(in.FormValue("ms"), 1000))
		fmt.Fprintln(out, s.version)
	})
	on("/hang", func(_ http.ResponseWriter, in *http.Request) { <-in.Context().Done() })
	on("/fail", func(out http.ResponseWriter, in *http.Request) {
		s.fail(out, int(number(in.FormValue("status"), 500)))
	})
	on("/exit", func(_ http.ResponseWriter, in *http.Request) { os.Exit(int(number(in.FormValue("code"), 1))) })
	on("/allocate", s.allocate)
	on("/free", func(out http.ResponseWriter, _ *http.Request) {
		s.Lock()
		defer s.Unlock()
		s.held = nil
		fmt.Fprintln(out, 0)
	})
	on("/files/{name}", s.file)
	on("/count", s.count)
	on("/env", func(out http.ResponseWriter, in *http.Request) { fmt.Fprintln(out, os.Getenv(in.FormValue("name"))) })
	on("/behave", s.behave)
	on("/healthz", func(out http.ResponseWriter, _ *http.Request) { fmt.Fprintln(out, "ok") })
	on("/readyz", func(out http.ResponseWriter, _ *http.Request) {
		if s.current().Ready {
			fmt.Fprintln(out, "ok")
		} else {
			http.Error(out, "not ready", http.StatusServiceUnavailable)
		}
	})
	return mux
}

func wait(in *http.Request, how time.Duration) {
	select {
	case <-time.After(how):
	case <-in.Context().Done():
	}
}

func (s *service) current() behaviour {
	s.Lock()
	defer s.Unlock()
	return s.now
}

func (s *service) fail(out http.ResponseWriter, status int) {
	s.Lock()
	s.failed++
	s.Unlock()
	http.Error(out, s.version, min(max(status, 200), 599))
}

func (s *service) front(out http.ResponseWriter, in *http.Request) {
	now := s.current()
	wait(in, time.Duration(now.Ms)*time.Millisecond)
	if rand.Float64() < now.Fail {
		s.fail(out, http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(out, s.version)
}

func (s *service) allocate(out http.ResponseWriter, in *http.Request) {
	more := make([]byte, int(number(in.FormValue("mb"), 16))<<20)
	// Memory that was never written to is not there yet.
	for at := 0; at < len(more); at += 4096 {
		more[at] = 1
	}
	s.Lock()
	defer s.Unlock()
	s.held = append(s.held, more)
	total := 0
	for _, piece := range s.held {
		total += len(piece)
	}
	fmt.Fprintln(out, total>>20)
}

func (s *service) file(out http.ResponseWriter, in *http.Request) {
	path := filepath.Join(s.data, filepath.Base(in.PathValue("name")))
	var err error
	switch in.Method {
	case http.MethodPut:
		err = write(path, in.Body)
	case http.MethodDelete:
		err = os.Remove(path)
	default:
		var content []byte
		if content, err = os.ReadFile(path); err == nil {
			out.Write(content)
			return
		}
	}
	switch {
	case err == nil:
		out.WriteHeader(http.StatusNoContent)
	case os.IsNotExist(err):
		http.Error(out, err.Error(), http.StatusNotFound)
	default:
		http.Error(out, err.Error(), http.StatusInternalServerError)
	}
}

// On disk before the answer says so.
func write(path string, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := io.Copy(file, from); err != nil {
		return err
	}
	return file.Sync()
}

func (s *service) count(out http.ResponseWriter, _ *http.Request) {
	s.Lock()
	defer s.Unlock()
	out.Header().Set("content-type", "application/json")
	json.NewEncoder(out).Encode(map[string]any{
		"version": s.version, "pod": s.host, "requests": s.requests, "failed": s.failed, "since": s.since.UTC().Format(time.RFC3339Nano),
	})
}

func (s *service) behave(out http.ResponseWriter, in *http.Request) {
	s.Lock()
	defer s.Unlock()
	s.now.Fail = number(in.FormValue("fail"), s.now.Fail)
	s.now.Ms = int(number(in.FormValue("ms"), float64(s.now.Ms)))
	if ready := in.FormValue("ready"); ready != "" {
		s.now.Ready = ready == "true"
	}
	json.NewEncoder(out).Encode(s.now)
}
