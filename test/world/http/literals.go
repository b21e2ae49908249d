// Prints the HTTP/1 messages that stand as constant text in Go files, as a list in JSON. Bytes are told as characters of Latin-1.
package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
)

var message = regexp.MustCompile(`^(HTTP/1|[A-Z]+ [^ ]+ HTTP/1)[^\n]*\n`)

func main() {
	found := []string{}
	for _, path := range os.Args[1:] {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			panic(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			text, isText := constant(node)
			if isText && message.MatchString(text) {
				characters := []rune{}
				for _, one := range []byte(text) {
					characters = append(characters, rune(one))
				}
				found = append(found, string(characters))
			}
			// The parts of a whole are no messages of their own.
			return !isText
		})
	}
	json.NewEncoder(os.Stdout).Encode(found)
}

func constant(node ast.Node) (string, bool) {
	switch part := node.(type) {
	case *ast.BasicLit:
		if part.Kind == token.STRING {
			text, err := strconv.Unquote(part.Value)
			return text, err == nil
		}
	case *ast.BinaryExpr:
		left, isLeft := constant(part.X)
		right, isRight := constant(part.Y)
		return left + right, isLeft && isRight && part.Op == token.ADD
	}
	return "", false
}
