Option Explicit
Option Private Module

' Makes formulas of other books find our functions, by setting them again as a user would by entering them.

Private Const OURS As String = "ALVH_"
Private Const ERROR_NAME As Long = 2029

Private opened As String ' names of books that were opened, a line each

' A book was opened; look at it as soon as the functions answer.
Public Sub AlvhOpened(ByVal book As Object)
    If book.IsAddin Or book.HasVBProject Then Exit Sub ' a book with macros has functions of its own
    opened = opened & book.Name & vbLf
    AlvhSchedule
End Sub

' Set the formulas of opened books again where they do not find our functions.
Public Sub AlvhBindOpened()
    Dim book As Object, cell As Object, names As String
    names = opened
    opened = ""
    If Len(names) = 0 Then Exit Sub
    For Each book In Application.Workbooks
        If InStr(vbLf & names, vbLf & book.Name & vbLf) > 0 Then
            Set cell = FirstOfOurs(book)
            If Not cell Is Nothing Then
                If IsLost(cell) Then AlvhSay AlvhBind(book)
            End If
        End If
    Next book
End Sub

' Set every formula of a book that uses our functions again. What was done, in a line.
Public Function AlvhBind(ByVal book As Object) As String
    Dim sheet As Object, done As Long, failed As String, saved As Boolean
    If book Is Nothing Then Exit Function
    saved = book.Saved
    AlvhQuiet True
    For Each sheet In book.Worksheets
        BindSheet sheet, done, failed
    Next sheet
    AlvhQuiet False
    book.Saved = saved
    AlvhBind = done & " formulas with ALVH functions were set again"
    If Len(failed) > 0 Then AlvhBind = AlvhBind & "; enter these again yourself: " & Mid$(failed, 3)
End Function

' A formula without the file that it takes our functions from: 'C:\...\xlalvh.xlam'!ALVH_X, [1]!ALVH_X.
Public Function AlvhUnqualified(ByVal formula As String) As String
    Dim at As Long, start As Long
    at = InStr(1, formula, "!" & OURS, vbTextCompare)
    Do While at > 1
        start = at
        If Not InText(formula, at) Then
            If Mid$(formula, at - 1, 1) = "'" Then
                start = InStrRev(formula, "'", at - 2)
            Else
                Do While start > 1
                    If InStr("=(,;+-*/^&<>{} @", Mid$(formula, start - 1, 1)) > 0 Then Exit Do
                    start = start - 1
                Loop
            End If
            formula = Left$(formula, start - 1) & Mid$(formula, at + 1)
        End If
        at = InStr(start + 1, formula, "!" & OURS, vbTextCompare)
    Loop
    AlvhUnqualified = formula
End Function

' Whether a place lies in a text of the formula, behind an odd number of quotation marks.
Private Function InText(ByVal formula As String, ByVal at As Long) As Boolean
    Dim before As String
    before = Left$(formula, at - 1)
    InText = (Len(before) - Len(Replace(before, Chr$(34), ""))) Mod 2 = 1
End Function

Private Sub BindSheet(ByVal sheet As Object, ByRef done As Long, ByRef failed As String)
    Dim used As Object, area As Object, texts As Variant, was As Variant, r As Long, c As Long
    Set used = sheet.UsedRange
    If used.Cells.Count = 1 Then Set used = used.Resize(1, 2)
    texts = used.Formula
    On Error GoTo failedSheet
    For r = 1 To UBound(texts, 1)
        For c = 1 To UBound(texts, 2)
            If InStr(1, texts(r, c), OURS, vbTextCompare) > 0 And Left$(texts(r, c), 1) = "=" Then
                Set area = Whole(used.Cells(r, c))
                If Not area Is Nothing Then
                    If Not IsArray(was) Then was = AlvhUnlock(sheet)
                    If SetAgain(area) Then
                        done = done + 1
                    Else
                        failed = failed & ", " & sheet.Name & "!" & area.Cells(1, 1).Address(False, False)
                    End If
                End If
            End If
        Next c
    Next r
    AlvhLock sheet, was
    Exit Sub
failedSheet:
    failed = failed & ", sheet " & sheet.Name & " (" & Err.Description & ")"
    AlvhLock sheet, was
End Sub

' The cells that share a cell's formula, if it is their first; else Nothing.
Private Function Whole(ByVal cell As Object) As Object
    Dim area As Object
    Set area = cell
    If cell.HasArray Then
        Set area = cell.CurrentArray
    Else
        On Error Resume Next ' Excel without dynamic arrays does not know them
        If cell.HasSpill Then Set area = cell.SpillParent
        On Error GoTo 0
    End If
    If area.Cells(1, 1).Row = cell.Row And area.Cells(1, 1).Column = cell.Column Then Set Whole = area
End Function

' Set a formula again: an array whole, and what spills so that it spills. Whether that went well.
Private Function SetAgain(ByVal area As Object) As Boolean
    Dim text As String
    On Error GoTo failed
    If area.Cells(1, 1).HasArray Then
        text = AlvhUnqualified(area.Cells(1, 1).Formula)
        On Error GoTo longer ' than the 255 characters that can be set, counted with references as R[1]C[1]
        area.FormulaArray = text
        SetAgain = True
        Exit Function
    End If
    On Error GoTo older
    area.Formula2 = AlvhUnqualified(area.Formula2)
    SetAgain = True
    Exit Function
older:
    Resume plain
plain:
    On Error GoTo failed
    area.Formula = AlvhUnqualified(area.Formula)
    SetAgain = True
    Exit Function
longer:
    Resume alone
alone:
    On Error GoTo failed
    If area.Cells.Count > 1 Then Exit Function
    area.Formula2 = text ' evaluated as an array too
    SetAgain = True
failed:
End Function

' A cell of a book whose formula uses our functions; Nothing where there is none.
Private Function FirstOfOurs(ByVal book As Object) As Object
    Dim sheet As Object
    For Each sheet In book.Worksheets
        If FirstOfOurs Is Nothing Then Set FirstOfOurs = sheet.UsedRange.Find(OURS, , xlFormulas, xlPart)
    Next sheet
End Function

' Whether a cell's formula does not find our functions: it names their file, or shows #NAME? once calculated.
Private Function IsLost(ByVal cell As Object) As Boolean
    Dim saved As Boolean
    IsLost = AlvhUnqualified(cell.Formula) <> cell.Formula
    If IsLost Then Exit Function
    saved = cell.Worksheet.Parent.Saved
    If cell.HasArray Then Set cell = cell.CurrentArray
    cell.Calculate
    cell.Worksheet.Parent.Saved = saved
    If IsError(cell.Cells(1, 1).Value2) Then IsLost = (CStr(cell.Cells(1, 1).Value2) = CStr(CVErr(ERROR_NAME)))
End Function
