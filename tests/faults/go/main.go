// Readlog checks a log that was exported to a folder with the Go project's own packages, and with nothing of ours:
//
//	readlog FOLDER
//
// The folder holds what `kaogong records export` writes (keys, checkpoint, tile/…), every earlier checkpoint below
// checkpoints/, and the proofs of every record and of every pair of checkpoints in proofs.json. It says what it checked, or
// ends with 1 at the first thing that does not hold.
package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// width is how many hashes a full tile holds; height is its binary logarithm.
const (
	height = 8
	width  = 1 << height
)

// proofs are the paths as the product gives them; the hashes are in base64.
type proofs struct {
	Inclusion   []tlog.RecordProof `json:"inclusion"` // of each record in the newest tree, in order
	Consistency []struct {
		Old  int64          `json:"old"`
		New  int64          `json:"new"`
		Path tlog.TreeProof `json:"path"`
	} `json:"consistency"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: readlog FOLDER")
		os.Exit(2)
	}
	said, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(said)
}

// check proves everything in the folder and says how much that was.
func check(folder string) (string, error) {
	known, err := readKeys(folder)
	if err != nil {
		return "", err
	}
	newest, err := openCheckpoint(filepath.Join(folder, "checkpoint"), known)
	if err != nil {
		return "", err
	}
	trees, err := openAll(folder, known)
	if err != nil {
		return "", err
	}
	var given proofs
	data, err := os.ReadFile(filepath.Join(folder, "proofs.json"))
	if err == nil {
		err = json.Unmarshal(data, &given)
	}
	if err != nil {
		return "", err
	}
	if err := checkTiles(folder, newest, trees); err != nil {
		return "", err
	}
	if err := checkRecords(folder, newest, given); err != nil {
		return "", err
	}
	if err := checkTrees(trees, given); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d checkpoints, %d records, %d pairs", len(trees), newest.N, len(given.Consistency)), nil
}

// readKeys reads the keys that have signed the log.
func readKeys(folder string) (note.Verifiers, error) {
	data, err := os.ReadFile(filepath.Join(folder, "keys"))
	if err != nil {
		return nil, err
	}
	var known []note.Verifier
	for _, vkey := range strings.Fields(string(data)) {
		verifier, err := note.NewVerifier(vkey)
		if err != nil {
			return nil, fmt.Errorf("key %s: %w", vkey, err)
		}
		known = append(known, verifier)
	}
	return note.VerifierList(known...), nil
}

// openCheckpoint opens a signed note and reads the tree that it tells of.
func openCheckpoint(path string, known note.Verifiers) (tlog.Tree, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, known)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %w", err)
	}
	origin, rest, _ := strings.Cut(opened.Text, "\n")
	if origin != opened.Sigs[0].Name {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %s has signed for %s", opened.Sigs[0].Name, origin)
	}
	// Go's own log is the only one whose name ParseTree knows.
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %w", err)
	}
	return tree, nil
}

// openAll opens every checkpoint there has been, by size.
func openAll(folder string, known note.Verifiers) (map[int64]tlog.Hash, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "checkpoints", "*"))
	if err != nil {
		return nil, err
	}
	trees := map[int64]tlog.Hash{}
	for _, path := range paths {
		tree, err := openCheckpoint(path, known)
		if err != nil {
			return nil, err
		}
		trees[tree.N] = tree.Hash
	}
	return trees, nil
}

// checkTiles reads the tiles as Go's own client does, and finds the root of every checkpoint in them.
func checkTiles(folder string, newest tlog.Tree, trees map[int64]tlog.Hash) error {
	reader := tlog.TileHashReader(newest, tiles{folder})
	for size, signed := range trees {
		root, err := tlog.TreeHash(size, reader)
		if err != nil {
			return fmt.Errorf("tiles: %w", err)
		}
		if root != signed {
			return fmt.Errorf("tiles: another root at %d than was signed", size)
		}
	}
	return nil
}

// checkRecords checks the proof of every record in the newest tree, from the bytes of its entry on.
func checkRecords(folder string, newest tlog.Tree, given proofs) error {
	entries, err := readEntries(folder, newest.N)
	if err != nil {
		return err
	}
	if int64(len(entries)) != newest.N || int64(len(given.Inclusion)) != newest.N {
		return fmt.Errorf("records: %d and %d proofs in a tree of %d", len(entries), len(given.Inclusion), newest.N)
	}
	for index, entry := range entries {
		err := tlog.CheckRecord(given.Inclusion[index], newest.N, newest.Hash, int64(index), tlog.RecordHash(entry))
		if err != nil {
			return fmt.Errorf("record %d: %w", index, err)
		}
	}
	return nil
}

// checkTrees checks that of every two checkpoints the larger one goes on from the smaller one.
func checkTrees(trees map[int64]tlog.Hash, given proofs) error {
	shown := map[[2]int64]bool{}
	for _, each := range given.Consistency {
		older, newer := trees[each.Old], trees[each.New]
		if err := tlog.CheckTree(each.Path, each.New, newer, each.Old, older); err != nil {
			return fmt.Errorf("trees of %d and %d: %w", each.Old, each.New, err)
		}
		shown[[2]int64{each.Old, each.New}] = true
	}
	if pairs := len(trees) * (len(trees) - 1) / 2; len(shown) != pairs {
		return fmt.Errorf("trees: %d pairs have a proof, of %d", len(shown), pairs)
	}
	return nil
}

// readEntries reads the entries of a tree from their bundles.
func readEntries(folder string, size int64) ([][]byte, error) {
	var entries [][]byte
	for first := int64(0); first < size; first += width {
		tile := tlog.Tile{H: height, N: first / width, W: width}
		if size-first < width {
			tile.W = int(size - first)
		}
		data, err := os.ReadFile(filepath.Join(folder, address(tile, "entries")))
		if err != nil {
			return nil, err
		}
		for len(data) > 0 {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, errors.New("entries: a bundle ends within an entry")
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:end])
			data = data[end:]
		}
	}
	return entries, nil
}

// address gives the place of a tile as C2SP writes it: as Go does, but without the height.
func address(tile tlog.Tile, level string) string {
	parts := strings.SplitN(tile.Path(), "/", 4) // tile, height, level, number
	return "tile/" + level + "/" + parts[3]
}

// tiles reads tiles from a folder.
type tiles struct{ folder string }

func (t tiles) Height() int { return height }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, address(tile, fmt.Sprint(tile.L))))
		if err != nil {
			return nil, err
		}
		if len(data) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short", tile.Path())
		}
		found = append(found, data[:tile.W*tlog.HashSize])
	}
	return found, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
