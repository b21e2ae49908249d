// The shore of the trials on Go's net/http: see node.ts beside it.
package main

import (
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

var piece = strings.Repeat("0123456789abcdef", 64)

func main() {
	log, err := os.OpenFile(os.Getenv("LOG"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	say := func(path string, answer func(http.ResponseWriter, *http.Request)) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if id := r.URL.Query().Get("id"); id != "" {
				log.WriteString(id + "\n")
			}
			answer(w, r)
		})
	}
	text := func(content string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, content) }
	}
	say("/small", text("ok"))
	say("/large", text(strings.Repeat(piece, 8192)))
	say("/connection", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.RemoteAddr) })
	say("/204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	say("/304", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) })
	say("/redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/small", 302) })
	say("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Write(body)
	})
	say("/close", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		io.WriteString(w, "ok")
	})
	say("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, strings.Repeat(piece, 100))
		z.Close()
	})
	drip := func(content string, times int, pause time.Duration) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			for n := 0; n < times; n++ {
				io.WriteString(w, content)
				w.(http.Flusher).Flush()
				time.Sleep(pause)
			}
		}
	}
	say("/chunked", drip(piece, 3, 0))
	say("/slow", drip("x", 10, 10*time.Millisecond))

	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		panic(err)
	}
	server := &http.Server{Handler: mux}
	gone := make(chan struct{})
	go func() {
		ask := make(chan os.Signal, 1)
		signal.Notify(ask, syscall.SIGTERM)
		<-ask
		server.Shutdown(context.Background())
		close(gone)
	}()
	server.Serve(listener)
	<-gone
}
