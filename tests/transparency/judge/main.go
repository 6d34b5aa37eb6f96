// A judge written with Go's own packages for checksum logs: reads an exported log and says whether all of it fits.
// Usage: judge FOLDER VKEY [OLD_SIZE OLD_ROOT], with proofs as FOLDER/proofs/*.tlog-proof
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error, what string) {
	if err != nil {
		fmt.Println(what+":", err)
		os.Exit(1)
	}
}

func opened(data []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	must(err, "key")
	signed, err := note.Open(data, note.VerifierList(verifier))
	must(err, "note")
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "size")
	root, err := tlog.ParseHash(lines[2])
	must(err, "root")
	return tlog.Tree{N: size, Hash: root}
}

// tiles reads full tiles where Go would ask for parts of them, in the layout that both know but for its first part.
type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func entries(folder string, tree tlog.Tree) []tlog.Hash {
	var hashes []tlog.Hash
	for start := int64(0); start < tree.N; start += 256 {
		tile := tlog.Tile{H: 8, L: -1, N: start / 256, W: 256}
		if tree.N-start < 256 {
			tile.W = int(tree.N - start)
		}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, path))
		must(err, "bundle")
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			hashes = append(hashes, tlog.RecordHash(data[2:2+length]))
			data = data[2+length:]
		}
	}
	return hashes
}

func checkProof(path, vkey string, hashes []tlog.Hash) {
	data, err := os.ReadFile(path)
	must(err, path)
	head, checkpoint, _ := strings.Cut(string(data), "\n\n")
	tree := opened([]byte(checkpoint), vkey)
	var proof tlog.RecordProof
	index := int64(-1)
	for _, line := range strings.Split(head, "\n")[1:] {
		if strings.HasPrefix(line, "extra ") {
			continue
		} else if strings.HasPrefix(line, "index ") {
			index, err = strconv.ParseInt(line[6:], 10, 64)
			must(err, path)
		} else {
			hash, err := base64.StdEncoding.DecodeString(line)
			must(err, path)
			proof = append(proof, *(*tlog.Hash)(hash))
		}
	}
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, hashes[index]), path)
}

func main() {
	folder, vkey := os.Args[1], os.Args[2]
	data, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	must(err, "checkpoint")
	tree := opened(data, vkey)
	hashes := entries(folder, tree)
	if int64(len(hashes)) != tree.N {
		fmt.Println("entries:", len(hashes), "of", tree.N)
		os.Exit(1)
	}
	reader := tlog.TileHashReader(tree, tiles{folder})
	for index, hash := range hashes {
		stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(index))})
		must(err, "tile")
		if stored[0] != hash {
			fmt.Println("entry", index, "is not what its tile says")
			os.Exit(1)
		}
	}
	if len(os.Args) > 4 {
		old, err := strconv.ParseInt(os.Args[3], 10, 64)
		must(err, "old size")
		root, err := tlog.ParseHash(os.Args[4])
		must(err, "old root")
		proof, err := tlog.ProveTree(tree.N, old, reader)
		must(err, "consistency")
		must(tlog.CheckTree(proof, tree.N, tree.Hash, old, root), "consistency")
	}
	proofs, _ := filepath.Glob(filepath.Join(folder, "proofs", "*.tlog-proof"))
	for _, path := range proofs {
		checkProof(path, vkey, hashes)
	}
	fmt.Println("good:", tree.N, "entries,", len(proofs), "proofs")
}
